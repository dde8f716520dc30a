//! A copy of the durable tier in one file that either engine can take in again.
//!
//! A dump is a stream of lines of JSON, compressed with zstd:
//!
//! ```text
//! {"backup":{"format":1,"program":"0.1.0","engine":"sqlite","at":1700000000000000,"applied":[…]}}
//! {"table":{"name":"users","columns":["id","did","is_super"]}}
//! ["0190…","did:plc:…",1]
//! …
//! {"end":{"tables":{"users":1},"sha256":"…"}}
//! ```
//!
//! If scripts have made tables, these follow in the same way, each with the statement that makes it, and the format is 2:
//!
//! ```text
//! {"script_table":{"name":"votes","create":"CREATE TABLE votes (…)","columns":["subject","n"]}}
//! ["at://…",7]
//! ```
//!
//! It is logical rather than a copy of files, so that what was SQLite can become PostgreSQL and the other way round, and
//! so that a later version can bring an older dump to its own tables: the rows go into the tables as they were
//! at the migrations the dump names, and the migrations since then do the rest.
//!
//! Integers, text and NULL are themselves; `{"real":"0.1"}` and `{"blob":"base64"}` are the other two types. The last
//! line counts the rows and holds the SHA-256 of all lines before it: a file that was cut short or altered is told from a
//! whole one before anything is written. It is no signature: whoever can change the file can change the sum.

mod at_most;
mod cell;
mod error;
mod foreign;
mod format;
pub mod fuzzing;
mod insert;
mod level;
mod lines;
mod read;
mod restore;
mod scripts;
mod summary;
mod table;
mod write;

pub use cell::Cell;
pub use error::DumpError;
pub use format::{Applied, Header};
pub use read::check;
pub use restore::{Existing, restore};
pub use scripts::{ScriptSource, ScriptTable, ScriptTarget, WithoutScripts};
pub use summary::Summary;
pub use write::{Progress, write};

/// The longest line. Nearly all rows are a few small values, but what clients of the relay alone can read may be 32 MiB in one row,
/// and a control character in it takes six bytes here; an update that tells of 100 MiB is text that was escaped before and may
/// double. A file that claims to have more is not read into memory.
const MAX_LINE: usize = 256 << 20;

/// The longest name of a table, in bytes; PostgreSQL's end at 63.
const MAX_NAME: usize = 1000;
