//! From a problem to the response a client sees.

use std::error::Error;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use tracing::error;

use crate::{ErrorStyle, Problem, RequestId};

/// Replaces a response that carries a [`Problem`] by its wire shape and logs server errors. Others pass unchanged.
pub(crate) fn render(mut response: Response, style: ErrorStyle, id: &RequestId) -> Response {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) if failed => write(&problem, style, id),
        _ => response,
    }
}

/// Writes a problem in the style of a mount.
pub(crate) fn write(problem: &Problem, style: ErrorStyle, id: &RequestId) -> Response {
    if problem.status.is_server_error() {
        error!(
            request_id = id.as_str(),
            correlation_id = id.correlation_id(),
            status = problem.status.as_u16(),
            cause = problem.cause().map(chain),
            "{}",
            problem.message
        );
    }
    let mut response = style(problem, id);
    for (name, value) in problem.headers() {
        response.headers_mut().append(name, value.clone());
    }
    if problem.status == StatusCode::UNAUTHORIZED {
        // RFC 9110 §11.6.1: a 401 names at least one scheme.
        let challenge = || HeaderValue::from_static("Bearer");
        response.headers_mut().entry(WWW_AUTHENTICATE).or_insert_with(challenge);
    }
    response
}

/// `error: its source: the source of that`.
fn chain(error: &(dyn Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
