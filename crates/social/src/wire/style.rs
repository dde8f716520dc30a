//! Error bodies: always `{"error": text}` (spec/social.md §3.2).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use server::{Problem, RequestId};

/// The shape of errors below the prefixes of this app.
pub(crate) fn errors(problem: &Problem, id: &RequestId) -> Response {
    let mut body = json!({ "error": problem.message });
    if problem.status == StatusCode::INTERNAL_SERVER_ERROR {
        body = json!({ "error": "internal server error", "correlationId": id.correlation_id() });
    }
    (problem.status, axum::Json(body)).into_response()
}
