//! Responses that are written without a detour through other types.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// 200 with a body that is JSON already.
pub(super) fn json(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// 501 in the words of XRPC. Not a [`Problem`](server::Problem): any stranger can cause it, so it is no failure of the
/// server that belongs in its log.
pub(super) fn not_implemented(message: &str) -> Response {
    let body = json!({ "error": "MethodNotImplemented", "message": message });
    (StatusCode::NOT_IMPLEMENTED, axum::Json(body)).into_response()
}
