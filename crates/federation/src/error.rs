//! What can go wrong.

use activitypub::object::ObjectError;
use activitypub::signature::{KeyError, SignatureError};
use server::Problem;

use crate::fetch::FetchError;

/// Something that was asked of the federation and not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The microblog refused it.
    #[error(transparent)]
    Social(#[from] social::Error),
    /// Another server did not answer, or nothing that makes sense.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What another server said is not what it should be.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// A request could not be signed, or is not believed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A key is none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] accounts::Error),
    /// Something could not be written as JSON.
    #[error("cannot be encoded: {0}")]
    Encoding(#[from] serde_json::Error),
    /// A task ended before it answered.
    #[error("the task ended before it answered")]
    Ended,
    /// Something of this server is not as it has to be.
    #[error("{0}")]
    Broken(&'static str),
}

impl Error {
    /// Whether the database could not do it just now: nothing is wrong with what was to be done.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) | Self::Social(social::Error::Store(error)) => error.is_transient(),
            _ => false,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Social(error) => error.into(),
            error => social::Error::from(error).into(),
        }
    }
}

/// As the microblog says it to whoever asked.
impl From<Error> for social::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Social(error) => error,
            Error::Store(error) => Self::Store(error),
            Error::Vault(error) => Self::Vault(error),
            Error::Encoding(error) => Self::Encoding(error),
            Error::Fetch(FetchError::Gone) => Self::NotFound("What is there"),
            Error::Fetch(error) => Self::Elsewhere(error.to_string()),
            Error::Object(error) => Self::Elsewhere(error.to_string()),
            Error::Signature(_) | Error::Key(_) | Error::Ended | Error::Broken(_) => Self::Ended,
        }
    }
}
