//! Why a database cannot be read. The text is for the operator.

/// What is wrong with the whole of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be opened.
    #[error("cannot open {what}: {message}")]
    Open {
        /// Its path.
        what: String,
        /// The engine's words.
        message: String,
    },
    /// It can be read, and is something else.
    #[error("{0} is not the database of an ATCR AppView: it has no devices and no statistics")]
    Foreign(String),
    /// What is left of it cannot be read.
    #[error("reading the table {table}: {message}")]
    Read {
        /// The table.
        table: &'static str,
        /// The engine's words.
        message: String,
    },
}

impl Error {
    pub(crate) fn read(table: &'static str) -> impl Fn(rusqlite::Error) -> Self {
        move |error| Self::Read { table, message: error.to_string() }
    }
}
