//! Why a database cannot be read.

/// The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be opened or reached.
    #[error("cannot open {what}: {message}")]
    Open {
        /// Its URL without the password.
        what: String,
        /// The system's or the engine's words.
        message: String,
    },
    /// What is left of it cannot be read.
    #[error("reading the table {table}: {message}")]
    Read {
        /// The table.
        table: String,
        /// The engine's words.
        message: String,
    },
}
