//! From what went wrong to what the client is told.

use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use server::{AuthError, Problem};

use crate::clients::ClientError;

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        let text = error.to_string();
        match error {
            ClientError::ClientType | ClientError::Field { .. } | ClientError::BadRequest(_) => {
                Self::bad_request(text)
            }
            ClientError::Unauthenticated(_) => Self::unauthorized(text),
            ClientError::Forbidden(_) => Self::forbidden(text),
            ClientError::NoSuchClient | ClientError::NoSuchSession | ClientError::NoSuchDelegate => {
                Self::not_found(text)
            }
            ClientError::Duplicate | ClientError::Conflict(_) => Self::conflict(text),
            ClientError::TooMany { retry_after } => {
                let seconds = retry_after.as_millis().div_ceil(1000).max(1);
                let seconds =
                    HeaderValue::try_from(seconds.to_string()).unwrap_or(HeaderValue::from_static("1"));
                let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, text).named("RateLimited");
                problem.with_header(RETRY_AFTER, seconds)
            }
            ClientError::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, text),
            ClientError::Pds(error) => error.into(),
            ClientError::Cache(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment").caused_by(error)
            }
            ClientError::Corrupt { .. } | ClientError::Accounts(_) | ClientError::Store(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<ClientError> for AuthError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Unauthenticated(message) => Self::Invalid(message),
            error => Self::Unavailable(error.into()),
        }
    }
}
