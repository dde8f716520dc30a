//! What scripts keep, on its way into a backup and out of one.
//!
//! [`Export`] and [`Import`] are the two ends of the scripts' section of a [`store::dump`]. A backup is a file that may have
//! been altered: what it says a table is made with runs as a script's own `CREATE TABLE` would, with a script's rights and
//! nothing else, and so do the rows, whose checks and defaults are part of that statement.

mod export;
mod import;
mod order;
mod size;

pub use export::Export;
pub use import::Import;
pub(crate) use order::parents_first;
pub use size::sizes;

use store::dump::DumpError;

/// The server's table of remembered effects, as a backup calls it on either engine; no script can take the name.
pub(crate) use crate::sqlite::EFFECTS;

/// Its columns.
pub(crate) const EFFECT_COLUMNS: [&str; 5] = ["source", "fingerprint", "number", "result", "at"];

/// A name as an identifier.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names as a list of identifiers.
pub(crate) fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// The database itself failed.
pub(crate) fn failed(error: impl std::fmt::Display) -> DumpError {
    DumpError::Scripts(error.to_string())
}

/// A table cannot be made, or not be filled.
pub(crate) fn refused(table: &str, error: impl std::fmt::Display) -> DumpError {
    DumpError::Script { table: table.to_owned(), message: error.to_string() }
}
