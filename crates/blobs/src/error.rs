//! What can go wrong with a bucket.

/// A bucket that is named wrongly, or does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL names no bucket. It never says the secret.
    #[error("{0}; use s3://KEY:SECRET@HOST/BUCKET, with ?region=REGION and ?tls=false where they are needed")]
    Url(&'static str),
    /// There is no such object.
    #[error("there is no object of that name")]
    NotFound,
    /// The key may not do that, or is none.
    #[error("the bucket refuses: {0}")]
    Denied(#[source] object_store::Error),
    /// The store failed, or could not be reached.
    #[error("the bucket: {0}")]
    Store(#[source] object_store::Error),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                Self::Denied(error)
            }
            error => Self::Store(error),
        }
    }
}
