//! What can be wrong with a question or a write.

use atproto::mst::DraftError;
use atproto::{Cid, Did};

use crate::sealing::SealError;

/// Why something was not done. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The record index.
    #[error(transparent)]
    Records(#[from] records::Error),
    /// No such repository is at home here.
    #[error("{0} has no repository here")]
    NotHosted(String),
    /// It is here, but it is not served.
    #[error("the repository of {0} is deactivated")]
    Deactivated(Did),
    /// There is one already.
    #[error("{0} is taken")]
    Taken(String),
    /// A compare-and-swap that found something else (`InvalidSwap`).
    #[error("{what} is not what was expected: it is {found}")]
    InvalidSwap {
        /// The record or commit.
        what: String,
        /// Its CID, or `nothing`.
        found: String,
    },
    /// A record that is to be made is there.
    #[error("there is a record {0} already")]
    RecordExists(String),
    /// Content that is no record, or a write that makes no sense.
    #[error("{0}")]
    InvalidRecord(String),
    /// A record refers to a blob that was not uploaded, or too long ago.
    #[error("the record refers to blob {0}, which is not here: upload it first")]
    BlobNotFound(Cid),
    /// Beyond [`Limits`](crate::Limits).
    #[error("{what} is {size}, at most {limit} is allowed")]
    TooLarge {
        /// What of it.
        what: &'static str,
        /// How large or how many.
        size: usize,
        /// The bound.
        limit: usize,
    },
    /// As many as can be served are being served.
    #[error("too many {0} at once, try again later")]
    Busy(&'static str),
    /// A password that is not taken, or not now.
    #[error(transparent)]
    Password(#[from] passwords::PasswordError),
    /// The signing key cannot be sealed or opened.
    #[error("the signing key of {did}: {cause}")]
    Key {
        /// Whose.
        did: Did,
        /// What happened.
        cause: SealError,
    },
    /// The repository's own rows do not fit together.
    #[error("the repository of {did} is damaged: {problem}")]
    Damaged {
        /// Whose.
        did: Did,
        /// What is wrong.
        problem: String,
    },
}

impl Error {
    /// What came of a tree, of which the database may be the cause.
    pub(crate) fn of_tree(did: &Did, error: DraftError) -> Self {
        let DraftError::Source(cause) = error else {
            return Self::Damaged { did: did.clone(), problem: error.to_string() };
        };
        match cause.downcast::<store::Error>() {
            Ok(cause) => Self::Store(*cause),
            Err(cause) => Self::Damaged { did: did.clone(), problem: cause.to_string() },
        }
    }

    pub(crate) fn damaged(did: &Did, problem: impl Into<String>) -> Self {
        Self::Damaged { did: did.clone(), problem: problem.into() }
    }
}
