//! Why nothing was written to the repository of an owner.

use accounts::pds::PdsError;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use oci::ErrorCode;
use records::RepoAnswer;
use server::Problem;

use crate::auth::{self, PasswordError};
use crate::refusal::Refusal;

/// When to try again where a PDS does not say, in seconds.
const LATER: HeaderValue = HeaderValue::from_static("5");

/// What went wrong on the way to a repository.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorError {
    /// Whoever asks has not shown that it is theirs.
    #[error("only its owner writes to a repository")]
    NotTheOwner,
    /// It is here.
    #[error(transparent)]
    Hosted(repos::Error),
    /// The session of a browser.
    #[error(transparent)]
    Session(PdsError),
    /// The session of an app password.
    #[error(transparent)]
    Password(PasswordError),
    /// What an app password began is over, or was lost with the cache that it was in.
    #[error("your session with your PDS is over; log in again")]
    Over,
    /// Sessions cannot be looked up.
    #[error(transparent)]
    Auth(auth::Error),
    /// The PDS gives no token that another service would take.
    #[error("your PDS gives no token for another service; log in again")]
    NoToken,
    /// The PDS says no.
    #[error("your PDS refused: {status}, {message}")]
    Refused {
        /// With this status.
        status: StatusCode,
        /// In its own words, shortened.
        message: String,
        /// When it may be asked again, if it says so.
        retry_after: Option<HeaderValue>,
    },
}

impl AuthorError {
    /// What a PDS said that is no success.
    pub(crate) fn refused(answer: &RepoAnswer) -> Self {
        let body = String::from_utf8_lossy(&answer.body);
        let message = body.chars().filter(|letter| !letter.is_control()).take(200).collect();
        Self::Refused {
            status: answer.status,
            message,
            retry_after: answer.headers.get(RETRY_AFTER).cloned(),
        }
    }

    /// Whether the PDS may say something else in a while: no fault of who asks.
    fn is_passing(status: StatusCode) -> bool {
        status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
    }
}

impl From<AuthorError> for Refusal {
    fn from(error: AuthorError) -> Self {
        let denied = |text: String| oci::Error::new(ErrorCode::Denied, text).into();
        match error {
            AuthorError::Hosted(repos::Error::Store(error)) => error.into(),
            AuthorError::Refused { status, ref retry_after, .. } if AuthorError::is_passing(status) => {
                let retry_after = retry_after.clone().unwrap_or(LATER);
                let is_busy = status == StatusCode::TOO_MANY_REQUESTS;
                let status = if is_busy { status } else { StatusCode::SERVICE_UNAVAILABLE };
                Problem::new(status, error.to_string()).with_header(RETRY_AFTER, retry_after).into()
            }
            AuthorError::NotTheOwner | AuthorError::NoToken | AuthorError::Refused { .. } => {
                denied(error.to_string())
            }
            AuthorError::Session(
                cause @ (PdsError::Unreachable(_) | PdsError::Busy | PdsError::Identity(_)),
            ) => later(&cause.to_string()).caused_by(cause).into(),
            AuthorError::Password(
                cause @ (PasswordError::Unreachable(_) | PasswordError::Busy | PasswordError::TooMany),
            ) => later(&cause.to_string()).caused_by(cause).into(),
            // Clients log in again when they are told so, and then there is a session.
            AuthorError::Over | AuthorError::Password(PasswordError::Ended) => {
                oci::Error::new(ErrorCode::Unauthorized, error.to_string()).into()
            }
            // A device would only get another token for the same session.
            AuthorError::Session(cause @ (PdsError::NoSession | PdsError::Ended)) => {
                denied(format!("{cause}, and log this device in again"))
            }
            AuthorError::Session(cause) => login_again(&cause.to_string()).caused_by(cause).into(),
            AuthorError::Password(cause) => login_again(&cause.to_string()).caused_by(cause).into(),
            error => Problem::internal(error).into(),
        }
    }
}

/// The same request may be taken in a while.
fn later(why: &str) -> Problem {
    let text = format!("your PDS cannot be written to now: {why}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, text).with_header(RETRY_AFTER, LATER)
}

/// It takes another session.
fn login_again(why: &str) -> Problem {
    Problem::bad_gateway(format!("your PDS cannot be written to: {why}; log in again"))
}
