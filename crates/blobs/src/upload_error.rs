//! Why an upload does not go on.

use std::error::Error;

use oci::Digest;

use crate::StorageError;

/// What was sent cannot be taken, or what was asked cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It was never begun, or has ended, was cancelled, or has expired.
    #[error("there is no such upload")]
    Unknown,
    /// Another request has it at this moment. The upload is kept.
    #[error("another request is writing to this upload")]
    Busy,
    /// The part does not begin where the upload ends. The upload is kept.
    #[error("the upload stands at byte {at}: send what follows")]
    Offset {
        /// How many bytes there are.
        at: u64,
    },
    /// More came than is allowed. The upload is kept, with no more than that.
    #[error("a blob has at most {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// As many are open as there may be.
    #[error("too many uploads are open: finish some, or wait")]
    TooMany,
    /// The content is not what the digest says. The upload is dropped.
    #[error("the content has the digest {found}")]
    Digest {
        /// Of what came.
        found: Digest,
    },
    /// The body broke off. The upload is kept, with what came.
    #[error("the body of the request broke off: {0}")]
    Body(#[source] Box<dyn Error + Send + Sync>),
    /// The disk, the bucket or the database failed. The upload is kept, with what could be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<store::Error> for UploadError {
    fn from(error: store::Error) -> Self {
        Self::Storage(error.into())
    }
}
