//! Errors of `/auth/token`: in the shape of registries and in that of OAuth, because clients of both kinds come here.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oci::ErrorCode;
use serde_json::json;
use server::{Problem, RequestId};

pub(super) fn token_errors(problem: &Problem, _: &RequestId) -> Response {
    let code = match problem.status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN => ErrorCode::Denied,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
        status if status.is_server_error() => ErrorCode::Unknown,
        _ => ErrorCode::Unsupported,
    };
    let default = if problem.status.is_server_error() { "server_error" } else { "invalid_request" };
    let body = json!({
        "errors": [{ "code": code.as_str(), "message": problem.message }],
        "error": problem.name.unwrap_or(default),
        "error_description": problem.message,
    });
    (problem.status, axum::Json(body)).into_response()
}
