//! Why a database cannot be read.

/// A source that cannot be opened, is no HappyView database, or fails while it is read. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file.
    #[error("there is no file {0}")]
    Missing(String),
    /// A folder is no database.
    #[error("{0} is a folder")]
    Folder(String),
    /// The URL names nothing that can be opened.
    #[error("{0}")]
    Url(String),
    /// The database cannot be opened or reached.
    #[error("cannot open {what}: {message}")]
    Open {
        /// A path, or a URL without its password.
        what: String,
        /// The engine's words.
        message: String,
    },
    /// It can be read, and is something else.
    #[error("{0} is no HappyView database: it has no table of lexicons")]
    Foreign(String),
    /// A statement failed: what is left of the source cannot be read.
    #[error("reading the table {table}: {message}")]
    Read {
        /// The table, as HappyView names it without a prefix.
        table: &'static str,
        /// The engine's words.
        message: String,
    },
}
