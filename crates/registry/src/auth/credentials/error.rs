//! Why a name and a secret let nobody in.

use std::time::Duration;

use http::StatusCode;
use http::header::RETRY_AFTER;
use server::Problem;

use crate::auth::{Error, PasswordError};

/// Somebody is not let in. The texts are for the person who logs in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Nobody has this name and this secret.
    #[error(
        "incorrect name or password; use your handle or DID with an app password, or the secret of a device"
    )]
    Refused,
    /// There have been too many tries.
    #[error("too many failed logins; try again later")]
    TooMany {
        /// When it makes sense to try again.
        retry_after: Duration,
    },
    /// Whoever knows does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// The fault is here.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<cache::Error> for LoginError {
    fn from(error: cache::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<PasswordError> for LoginError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Refused | PasswordError::Ended => Self::Refused,
            PasswordError::TooMany => Self::TooMany { retry_after: Duration::from_mins(5) },
            PasswordError::Failed(error) => Self::Failed(error),
            other => Self::Unavailable(format!("cannot check the password: {other}")),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        let text = error.to_string();
        match error {
            LoginError::Refused => Self::unauthorized(text).named("invalid_grant"),
            LoginError::TooMany { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                Self::new(StatusCode::TOO_MANY_REQUESTS, text)
                    .named("slow_down")
                    .with_header(RETRY_AFTER, seconds.into())
            }
            LoginError::Unavailable(_) => Self::bad_gateway(text).named("temporarily_unavailable"),
            LoginError::Failed(error) => error.into(),
        }
    }
}
