//! The wire shape of errors.

use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::{Problem, RequestId};

/// Writes a [`Problem`] the way a protocol's clients expect it. Every mount has one; the shell adds the problem's
/// headers, the request id and, on 401, a challenge if the style sends none.
pub type ErrorStyle = fn(&Problem, &RequestId) -> Response;

/// The shape of the shell's own routes and of the appview (spec/appview.md §3.1).
///
/// `{"error": message}`; a problem with a name is `{"error": name, "message": message}`; where this
/// server is at fault, a `correlationId` to search the log for.
pub fn standard_errors(problem: &Problem, id: &RequestId) -> Response {
    let mut body = match problem.name {
        Some(name) => json!({ "error": name, "message": problem.message }),
        None => json!({ "error": problem.message }),
    };
    if problem.is_our_fault() {
        body["correlationId"] = id.correlation_id().into();
    }
    (problem.status, axum::Json(body)).into_response()
}
