//! What clients are told when something is not done: `{"error": …, "error_description": …}`.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use server::{Problem, RequestId};

/// Something that was asked for and is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The request breaks a rule.
    #[error("Validation failed: {0}")]
    Invalid(Cow<'static, str>),
    /// It is not there, or not for the caller to know.
    #[error("Record not found")]
    NotFound,
    /// OAuth's own refusals (RFC 6749 §5.2): the code, and what to tell people.
    #[error("{1}")]
    OAuth(&'static str, &'static str),
    /// The microblog does not do it, or failed.
    #[error(transparent)]
    Social(#[from] social::Error),
}

impl Refusal {
    pub(crate) fn invalid(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(why.into())
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Social(error.into())
    }
}

impl From<cache::Error> for Refusal {
    fn from(error: cache::Error) -> Self {
        Self::Social(error.into())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()),
            Refusal::NotFound | Refusal::Social(social::Error::NotFound(_)) => {
                Self::not_found("Record not found")
            }
            Refusal::OAuth(name @ "invalid_client", why) => Self::unauthorized(why).named(name),
            Refusal::OAuth(name, why) => Self::bad_request(why).named(name),
            Refusal::Social(error) => error.into(),
        }
    }
}

/// The shape of errors of this app.
pub(crate) fn errors(problem: &Problem, _: &RequestId) -> Response {
    let body = match problem.name {
        Some(name) => json!({ "error": name, "error_description": problem.message }),
        None => json!({ "error": problem.message }),
    };
    (problem.status, axum::Json(body)).into_response()
}
