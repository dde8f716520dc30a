//! What becomes of a request body that nobody will read.

use std::time::Duration;

use axum::{body::Body, extract::Request};
use http::header::EXPECT;
use http_body_util::BodyExt;

/// Enough to swallow what a client has in flight; beyond it the connection is closed.
const DISCARD_BYTES: usize = 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// Reads on for a moment after a refusal. Closing a socket with unread bytes makes the kernel reset it, and the client
/// would lose the very answer that tells it what was wrong.
pub(crate) fn discard(request: Request) {
    let (head, body) = request.into_parts();
    // A client that waits for `100 Continue` has sent nothing yet, and reading would invite it to.
    if http_body::Body::is_end_stream(&body) || head.headers.contains_key(EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(DISCARD_TIME, drain(body)));
}

async fn drain(mut body: Body) {
    let mut budget = DISCARD_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, |data| data.len());
        match budget.checked_sub(length) {
            Some(rest) => budget = rest,
            None => return,
        }
    }
}
