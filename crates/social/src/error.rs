//! What can go wrong, and what the REST API says of it (spec/social.md §3.2).

use http::StatusCode;
use server::Problem;

/// Something that was asked for and not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What it is about is not there, or not for the caller to see or change, which is the same to them.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Something breaks a rule of the microblog. What to tell the caller.
    #[error("{0}")]
    Invalid(String),
    /// The request itself makes no sense. What to tell the caller.
    #[error("{0}")]
    BadRequest(String),
    /// The caller may not do it. What to tell them.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Name or password is wrong, or the credential is good for nothing. What to tell the caller.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// Somebody else has it. What to tell the caller.
    #[error("{0}")]
    Taken(&'static str),
    /// Another server failed, or cannot be reached. What to tell the caller.
    #[error("{0}")]
    Elsewhere(String),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] accounts::Error),
    /// The cache failed.
    #[error(transparent)]
    Cache(#[from] cache::Error),
    /// Media cannot be stored or read.
    #[error("media cannot be reached: {0}")]
    Media(String),
    /// Something could not be written as JSON.
    #[error("cannot be encoded: {0}")]
    Encoding(#[from] serde_json::Error),
    /// A key cannot be made or used.
    #[error(transparent)]
    Key(#[from] activitypub::signature::KeyError),
    /// Too many ask for it at once.
    #[error("too many requests at once; try again soon")]
    Busy,
    /// A task ended before it answered.
    #[error("the task ended before it answered")]
    Ended,
}

impl From<passwords::PasswordError> for Error {
    fn from(error: passwords::PasswordError) -> Self {
        match error {
            passwords::PasswordError::Refused(message) => Self::Invalid(message),
            passwords::PasswordError::Busy => Self::Busy,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(_) => Self::not_found(error.to_string()),
            Error::Invalid(message) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, message),
            Error::BadRequest(message) => Self::bad_request(message),
            Error::Forbidden(message) => Self::forbidden(message),
            Error::Unauthenticated(message) => Self::new(StatusCode::UNAUTHORIZED, message),
            Error::Taken(message) => Self::conflict(message),
            Error::Elsewhere(message) => Self::new(StatusCode::BAD_GATEWAY, message),
            Error::Store(error) if error.kind() == store::ErrorKind::Text => {
                Self::bad_request("a text has a character (U+0000) that no text has")
            }
            Error::Busy => Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()),
            Error::Media(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Media cannot be reached. Try again soon.")
                    .caused_by(error)
            }
            Error::Store(_)
            | Error::Key(_)
            | Error::Vault(_)
            | Error::Cache(_)
            | Error::Encoding(_)
            | Error::Ended => Self::internal(error),
        }
    }
}
