//! Why somebody else's hold does not do what it is asked.

use atproto::Did;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use oci::ErrorCode;
use server::Problem;

use crate::authors::AuthorError;
use crate::refusal::Refusal;

/// When to try again where nobody says, in seconds.
const LATER: HeaderValue = HeaderValue::from_static("5");

/// What went wrong on the way to a hold, or what it said. The texts name the hold, and are for whoever pushes or pulls.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HoldError {
    /// Its DID leads nowhere.
    #[error("the hold {hold} cannot be found: {reason}")]
    Nowhere {
        /// Which.
        hold: Did,
        /// Why.
        reason: String,
    },
    /// It does not answer, or not now.
    #[error("the hold {hold} does not answer: {reason}; try again in a moment")]
    Unavailable {
        /// Which.
        hold: Did,
        /// Why.
        reason: String,
    },
    /// It says that whoever asks may not.
    #[error("the hold {hold} refuses: {reason}")]
    Denied {
        /// Which.
        hold: Did,
        /// In its own words, shortened.
        reason: String,
    },
    /// It says that there is no room.
    #[error("the hold {hold} has no room for this: {reason}")]
    Quota {
        /// Which.
        hold: Did,
        /// In its own words, shortened.
        reason: String,
    },
    /// It does not have it.
    #[error("the hold {hold} does not have it")]
    Missing {
        /// Which.
        hold: Did,
    },
    /// It answers what no hold may answer.
    #[error("the hold {hold} cannot be used: {reason}")]
    Misbehaved {
        /// Which.
        hold: Did,
        /// What it did.
        reason: String,
    },
    /// Nobody can be shown to the hold: whoever asks has no session with their PDS.
    #[error(transparent)]
    Author(#[from] AuthorError),
    /// What is remembered of holds cannot be read.
    #[error(transparent)]
    Cache(#[from] cache::Error),
    /// What was staged here cannot be read.
    #[error(transparent)]
    Storage(#[from] blobs::StorageError),
}

impl From<HoldError> for Refusal {
    fn from(error: HoldError) -> Self {
        let text = error.to_string();
        match error {
            HoldError::Denied { .. } | HoldError::Quota { .. } => {
                oci::Error::new(ErrorCode::Denied, text).into()
            }
            HoldError::Missing { .. } => oci::Error::new(ErrorCode::BlobUnknown, text).into(),
            HoldError::Unavailable { .. } => {
                let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, text);
                problem.with_header(RETRY_AFTER, LATER).into()
            }
            HoldError::Nowhere { .. } | HoldError::Misbehaved { .. } => Problem::bad_gateway(text).into(),
            HoldError::Author(error) => error.into(),
            HoldError::Cache(error) => Problem::internal(error).into(),
            HoldError::Storage(error) => error.into(),
        }
    }
}
