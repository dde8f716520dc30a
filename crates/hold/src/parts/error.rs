//! Why an upload in parts does not go on.

use oci::Digest;

/// What cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// It was never begun, belongs to somebody else, or has ended or expired.
    #[error("there is no such upload")]
    Unknown,
    /// Not a number of a part.
    #[error("parts have the numbers 1 to 10000")]
    Number,
    /// Nothing was sent under a number, something else than is named, or it was not completed in time.
    #[error("part {0} is not here: send it, and name the parts in order with the etags that were answered")]
    Missing(u32),
    /// No parts are named.
    #[error("name the parts in order, each with its etag")]
    NoParts,
    /// Another digest was expected when the upload began.
    #[error("the upload is of {expected}")]
    Other {
        /// What was said then.
        expected: Digest,
    },
    /// The parts are not what they are said to be.
    #[error("the parts together have the digest {found}")]
    Digest {
        /// What they are.
        found: Digest,
    },
    /// As many are open as there may be.
    #[error("too many uploads are open: complete or abort some")]
    TooMany,
    /// More than a blob may have.
    #[error("a blob has at most {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// The bytes could not be taken.
    #[error(transparent)]
    Upload(blobs::UploadError),
    /// The database or the storage failed.
    #[error(transparent)]
    Hold(#[from] crate::Error),
}

impl From<blobs::UploadError> for PartsError {
    fn from(error: blobs::UploadError) -> Self {
        match error {
            blobs::UploadError::TooMany => Self::TooMany,
            blobs::UploadError::TooLarge { limit } => Self::TooLarge { limit },
            blobs::UploadError::Digest { found } => Self::Digest { found },
            error => Self::Upload(error),
        }
    }
}

impl From<blobs::StorageError> for PartsError {
    fn from(error: blobs::StorageError) -> Self {
        Self::Hold(error.into())
    }
}

impl From<store::Error> for PartsError {
    fn from(error: store::Error) -> Self {
        Self::Hold(error.into())
    }
}
