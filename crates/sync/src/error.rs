//! What can go wrong, as handlers of both doors (HTTP and sockets) see it.

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use server::Problem;

/// In seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

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
    /// The account keeps as much here as it may.
    #[error("no room is left for this account; remove sessions, artifacts or values first")]
    NoRoom,
    /// Others ask for too much at this moment. What to tell the caller, who may come again.
    #[error("{0}")]
    Busy(&'static str),
    /// Somebody asks for too much at once, or too often. The status and what to tell them.
    #[error("{1}")]
    TooMuch(StatusCode, &'static str),
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
            Error::Full(_) | Error::NoRoom => Self::forbidden(error.to_string()),
            Error::Busy(message) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, message).with_header(RETRY_AFTER, SOON)
            }
            Error::TooMuch(status, message) => Self::new(status, message),
            Error::Bucket(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Attachments cannot be reached. Try again soon.")
                    .caused_by(error)
            }
            Error::Store(_) | Error::Vault(_) | Error::Encoding(_) | Error::Ended => Self::internal(error),
        }
    }
}
