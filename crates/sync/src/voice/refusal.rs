//! Why there is no answer about voice.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use server::{Json, Problem};

use crate::Error;

/// What a vendor did instead of answering.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Unreached(#[from] outbound::Error),
    #[error("it does not tell all conversations")]
    Incomplete,
}

pub(super) enum Refusal {
    /// A vendor is missing or does not answer. No fault of this server, so it is no problem in its log; whoever found out has said
    /// why there.
    Failed(&'static str),
    /// As for any other route.
    Problem(Problem),
}

impl Refusal {
    /// For vendors and caches that do not answer: logs why, and says these words.
    pub(super) fn because<E: Display>(words: &'static str) -> impl Fn(E) -> Self {
        move |error| {
            tracing::warn!(%error, "voice: {words}");
            Self::Failed(words)
        }
    }

    pub(super) fn too_many() -> Self {
        let words = "Too many requests. Try again soon.";
        Self::Problem(Problem::new(StatusCode::TOO_MANY_REQUESTS, words))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Problem(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Failed(words) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": words }))).into_response()
            }
            Self::Problem(problem) => problem.into_response(),
        }
    }
}
