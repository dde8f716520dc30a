//! Bounds on request bodies, and what becomes of one that nobody will read.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
};
use http::{HeaderMap, StatusCode, header::EXPECT};
use http_body_util::{BodyExt, Limited};

use crate::Problem;

/// Enough to swallow what a client has in flight; beyond it the connection is closed.
const DISCARD_BYTES: usize = 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// Refuses a body announced as larger than `limit` and cuts off one that turns out to be.
pub(crate) fn bound(request: &mut Request, limit: usize) -> Result<(), Problem> {
    if http_body::Body::is_end_stream(request.body()) {
        return Ok(());
    }
    let size = http_body::Body::size_hint(request.body());
    if size.lower() > limit as u64 {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large"));
    }
    if size.exact().is_none() && !faults::mutant!("server-body-without-bound") {
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(Limited::new(body, limit));
    }
    // Extractors have a bound of their own, which would undercut a larger one of the route.
    DefaultBodyLimit::disable().apply(request);
    Ok(())
}

/// Whether a body is announced as longer than what is read of it after a refusal: then the connection ends, and its client should know.
pub(crate) fn is_cut_off(request: &Request) -> bool {
    http_body::Body::size_hint(request.body()).lower() > DISCARD_BYTES as u64
}

/// Reads on for a moment after a refusal. Closing a socket with unread bytes makes the kernel reset it, and the client
/// would lose the very answer that tells it what was wrong.
pub(crate) fn discard(request: Request) {
    let (head, body) = request.into_parts();
    discard_body(&head.headers, body);
}

/// The same for a handler that has taken the request apart, and refuses it before it has read all of the body.
pub fn discard_body(headers: &HeaderMap, body: Body) {
    // A client that waits for `100 Continue` has sent nothing yet, and reading would invite it to.
    if http_body::Body::is_end_stream(&body) || headers.contains_key(EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(DISCARD_TIME, drain(body)));
}

async fn drain(mut body: Body) {
    let mut budget = DISCARD_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match budget.checked_sub(length) {
            Some(rest) => budget = rest,
            None => return,
        }
    }
}
