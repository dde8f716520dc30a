//! Why a source cannot be read.

/// A source that cannot be opened, is no Happy database, or fails while it is read. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be opened or reached.
    #[error("cannot open {what}: {message}")]
    Open {
        /// A path, or a URL without its password.
        what: String,
        /// The system's or the engine's words.
        message: String,
    },
    /// It can be read, and is something else.
    #[error("{0} is neither a Happy database nor a dump of one: it has no accounts and no sessions")]
    Foreign(String),
    /// What is left of the source cannot be read.
    #[error("reading the table {table}: {message}")]
    Read {
        /// The table.
        table: &'static str,
        /// The system's or the engine's words.
        message: String,
    },
}
