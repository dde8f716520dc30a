//! What can go wrong around the record index.

/// A failed read, write or ingest step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A page position that this server did not give out.
    #[error("malformed cursor: pass the cursor of the previous page unchanged, or none")]
    Position,
    /// Another instance has taken the source over.
    #[error("the lease on source {source_name} is held by another instance")]
    LeaseLost {
        /// Key of `cursors`.
        source_name: String,
    },
    /// What is to be stored is no record.
    #[error(transparent)]
    Rejected(#[from] crate::Rejection),
    /// A record is to be saved here for an account of which nothing may be here.
    #[error("the account {0} was deleted: no record of it can be here")]
    AccountDeleted(atproto::Did),
    /// As many records as may be are saved here.
    #[error("{0} records are saved here, and there can be no more: delete some")]
    TooManySaved(i64),
    /// The database refuses even the cursor; the source is taken up again from where it is.
    #[error("the cursor cannot be moved: {0}")]
    Refused(String),
}

impl Error {
    /// Whether the same call may succeed later without any change to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}
