//! Another server's answer, passed on.

use std::fmt::Display;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use server::Problem;

/// Somebody else's bytes at our origin: a page among them must not run with what our own pages may do.
const HARMLESS: [(HeaderName, HeaderValue); 2] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// Status, content type and body of what `server` answered, unchanged. An error is an answer, too; a status that needs
/// other headers to make sense is none.
pub(crate) fn relay(
    server: &dyn Display,
    status: StatusCode,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !(status.is_success() || status.is_client_error() || status.is_server_error()) {
        return Err(Problem::bad_gateway(format!("{server} answered {status}")));
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().extend(HARMLESS);
    if let Some(content_type) = headers.get(CONTENT_TYPE) {
        response.headers_mut().insert(CONTENT_TYPE, content_type.clone());
    }
    Ok(response)
}
