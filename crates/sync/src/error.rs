//! What can go wrong, as handlers of both doors (HTTP and sockets) see it.

use http::StatusCode;
use server::Problem;

/// A request of the relay that was not carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What it is about is not there, or somebody else's, which is the same to the caller. What to call it.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Something else of that name is in the way. What to tell the caller.
    #[error("{0}")]
    Conflict(&'static str),
    /// The request breaks a rule. What to tell the caller.
    #[error("{0}")]
    Invalid(&'static str),
    /// The caller may not do it. What to tell them.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The account has as many as it may have. Of what.
    #[error("too many {0}; remove some first")]
    Full(&'static str),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] std::sync::Arc<accounts::Error>),
    /// Something could not be written as JSON.
    #[error("cannot be encoded: {0}")]
    Encoding(std::sync::Arc<serde_json::Error>),
    /// The bucket failed, or is not there any more.
    #[error("attachments cannot be reached: {0}")]
    Bucket(std::sync::Arc<str>),
    /// The task that carried it out ended before it answered.
    #[error("the task ended before it answered")]
    Ended,
}

impl From<accounts::Error> for Error {
    fn from(error: accounts::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl From<blobs::Error> for Error {
    fn from(error: blobs::Error) -> Self {
        Self::Bucket(error.to_string().into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(what) => Self::not_found(format!("{what} not found")),
            Error::Conflict(message) => Self::conflict(message),
            Error::Invalid(message) => Self::bad_request(message),
            Error::Forbidden(message) => Self::forbidden(message),
            Error::Full(_) => Self::forbidden(error.to_string()),
            Error::Bucket(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Attachments cannot be reached. Try again soon.")
                    .caused_by(error)
            }
            Error::Store(_) | Error::Vault(_) | Error::Encoding(_) | Error::Ended => Self::internal(error),
        }
    }
}
