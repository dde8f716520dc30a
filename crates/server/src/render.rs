//! From a problem to the response a client sees.

use std::error::Error;

use axum::response::Response;
use http::StatusCode;
use tracing::{debug, error, warn};

use crate::passing::is_news;
use crate::{Credential, ErrorStyle, Problem, RequestId, challenge};

/// Replaces a response that carries a [`Problem`] by its wire shape and logs server errors. Others pass unchanged.
pub(crate) fn render(
    mut response: Response,
    style: ErrorStyle,
    credentials: &[Credential],
    id: &RequestId,
) -> Response {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) if failed => {
            let mut response = write(&problem, style, id);
            if problem.status == StatusCode::UNAUTHORIZED {
                challenge::add(response.headers_mut(), credentials, problem.challenge_error());
            }
            response
        }
        _ => response,
    }
}

/// The response of a call that no request made: with a request id of its own.
#[must_use]
pub fn rendered(problem: &Problem, style: ErrorStyle) -> Response {
    write(problem, style, &RequestId::generate())
}

/// Writes a problem in the style of a mount.
pub(crate) fn write(problem: &Problem, style: ErrorStyle, id: &RequestId) -> Response {
    if problem.status == StatusCode::SERVICE_UNAVAILABLE {
        passing(problem, id);
    } else if problem.is_our_fault() {
        error!(
            request_id = id.as_str(),
            correlation_id = id.correlation_id(),
            status = problem.status.as_u16(),
            cause = problem.cause().map(chain),
            "{}",
            problem.message
        );
    } else if problem.status.is_server_error() {
        debug!(status = problem.status.as_u16(), cause = problem.cause().map(chain), "{}", problem.message);
    }
    let mut response = style(problem, id);
    for (name, value) in problem.headers() {
        response.headers_mut().append(name, value.clone());
    }
    response
}

/// What passes by itself is no error; the first request that meets it says so, and those after it at a lower level.
fn passing(problem: &Problem, id: &RequestId) {
    let (cause, status) = (problem.cause().map(chain), problem.status.as_u16());
    if is_news((&problem.message, &cause)) {
        warn!(request_id = id.as_str(), status, cause, "{}", problem.message);
    } else {
        debug!(request_id = id.as_str(), status, cause, "{}", problem.message);
    }
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
