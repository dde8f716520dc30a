//! Error bodies (spec/sync.md §0.1).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use server::{Asked, Problem, RequestId};

use crate::Error;

/// The shape of errors below the prefixes of this app.
pub(crate) fn errors(problem: &Problem, _: &RequestId) -> Response {
    let (status, message) = (problem.status, problem.message.as_ref());
    let code = status.as_u16();
    if let Some(Asked { method, target }) = problem.asked() {
        let body = json!({ "error": "Not found", "path": target, "method": method.as_str() });
        return (StatusCode::NOT_FOUND, axum::Json(body)).into_response();
    }
    let body = match (status, problem.name) {
        // The shell's own words for a missing credential, an unknown path, and what is too large.
        (StatusCode::UNAUTHORIZED, None) if message == Problem::authentication_required().message => {
            json!({ "error": "Missing authorization header" })
        }
        (StatusCode::PAYLOAD_TOO_LARGE, None) if message == "Request body too large" => {
            json!({ "error": "FastifyError", "message": "Request body is too large", "statusCode": code })
        }
        (StatusCode::URI_TOO_LONG, _) => json!({
            "error": "Bad Request", "code": "FST_ERR_MAX_PARAM_LENGTH", "message": message, "statusCode": code,
        }),
        (_, Some(name)) => json!({ "error": name, "message": message, "statusCode": code }),
        (StatusCode::INTERNAL_SERVER_ERROR, None) if message == "Internal server error" => json!({
            "error": "Internal Server Error", "message": "An unexpected error occurred", "statusCode": code,
        }),
        (_, None) => json!({ "error": message }),
    };
    (status, axum::Json(body)).into_response()
}

/// For routes that say which of them failed when it is this server's fault: those words in place of the general ones.
pub(crate) fn failed(words: &'static str) -> impl Fn(Error) -> Problem {
    move |error| {
        let mut problem = Problem::from(error);
        if problem.is_our_fault() {
            problem.message = words.into();
        }
        problem
    }
}
