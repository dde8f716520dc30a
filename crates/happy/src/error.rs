//! Why a source cannot be read.

use crate::Table;

/// A source that cannot be opened, is no Happy database, or fails while it is read. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server cannot be reached or read.
    #[error(transparent)]
    Server(#[from] postgres_source::Error),
    /// The dump cannot be opened.
    #[error("cannot open {what}: {message}")]
    Open {
        /// Its path.
        what: String,
        /// The system's or the engine's words.
        message: String,
    },
    /// It can be read, and is something else.
    #[error("{0} is neither a Happy database nor a dump of one: it has no accounts and no sessions")]
    Foreign(String),
    /// What is left of the dump cannot be read.
    #[error("reading the table {table}: {message}")]
    Read {
        /// The table.
        table: &'static str,
        /// The system's words.
        message: String,
    },
}

impl Error {
    pub(crate) fn dump(table: Table, error: &std::io::Error) -> Self {
        Self::Read { table: table.name(), message: error.to_string() }
    }
}
