//! Why a method is not carried out, in the names of the protocol (spec/registry.md §3.3).

use std::borrow::Cow;
use std::error::Error;

use hold::PartsError;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use server::Problem;

/// 401.
pub(crate) fn auth_required(why: impl Into<Cow<'static, str>>) -> Problem {
    Problem::unauthorized(why).named("AuthRequired")
}

/// 400.
pub(crate) fn refused(name: &'static str, why: impl Into<Cow<'static, str>>) -> Problem {
    Problem::bad_request(why).named(name)
}

/// 400 of what cannot be read.
pub(crate) fn invalid(why: impl Into<Cow<'static, str>>) -> Problem {
    refused("InvalidRequest", why)
}

/// 503: somebody who has to be asked does not answer.
pub(crate) fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "try again in a moment");
    let problem = problem.named("NotEnoughResources").with_header(RETRY_AFTER, HeaderValue::from_static("5"));
    problem.caused_by(cause)
}

/// 500.
pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Problem {
    Problem::internal(cause).named("InternalServerError")
}

/// What the hold says.
pub(crate) fn of_hold(error: hold::Error) -> Problem {
    let text = error.to_string();
    match error {
        hold::Error::Denied { .. } => Problem::forbidden(text).named("Forbidden"),
        hold::Error::Quota { .. } => Problem::forbidden(text).named("QuotaExceeded"),
        hold::Error::Missing(_) => refused("BlobNotFound", text),
        hold::Error::Store(error) if error.is_transient() => unavailable(error),
        error => internal(error),
    }
}

/// What it says of an upload in parts; `otherwise` is what the method calls all else.
pub(crate) fn of_parts(error: PartsError, otherwise: &'static str) -> Problem {
    let text = error.to_string();
    match error {
        PartsError::Unknown => refused("InvalidUploadId", text),
        PartsError::Number => refused("InvalidPartNumber", text),
        PartsError::Missing(_) | PartsError::NoParts => refused("MissingParts", text),
        PartsError::Other { .. } | PartsError::Digest { .. } => refused("InvalidDigest", text),
        PartsError::TooMany => {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, text).named("RateLimitExceeded");
            problem.with_header(RETRY_AFTER, HeaderValue::from_static("60"))
        }
        PartsError::TooLarge { .. } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, text).named(otherwise),
        PartsError::Hold(error) => of_hold(error),
        PartsError::Upload(blobs::UploadError::Storage(error)) => internal(error).named(otherwise),
        PartsError::Upload(_) => refused(otherwise, text),
    }
}
