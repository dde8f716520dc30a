//! What can go wrong when the log is read.

/// A failed look into the log. Writing has no errors: what cannot be written is counted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A cursor that is neither a time nor one that a page came with.
    #[error("malformed cursor: use the cursor of the page before, or a time such as 2026-01-31T12:00:00Z")]
    Position,
    /// A word that names no severity.
    #[error("unknown severity `{0}`; there are: info, warn, error")]
    Severity(String),
    /// The database.
    #[error("event log database")]
    Store(#[from] store::Error),
}
