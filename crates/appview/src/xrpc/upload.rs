//! `com.atproto.repo.uploadBlob`: bytes on their way to the caller's PDS.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use accounts::pds::{PdsCall, PdsError};
use atproto::Nsid;
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::response::Response;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::LengthLimitError;
use server::Problem;

use super::{Party, Xrpc, session};
use crate::relay::relay;

/// The largest blob.
pub(super) const MAX_BYTES: usize = 50 << 20;

/// How long an upload may take: as long as such a blob does at one and a half megabits per second.
pub(crate) const TIME_LIMIT: Duration = Duration::from_mins(5);

/// `POST /xrpc/com.atproto.repo.uploadBlob`. The bytes are passed on as they come; the answer is that of the PDS.
pub(super) async fn upload(
    State(xrpc): State<Arc<Xrpc>>,
    party: Party,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let session = session::of(&xrpc, &party, None).await?;
    let content_type = headers.get(CONTENT_TYPE).cloned();
    let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut call = PdsCall::procedure(method()).header(CONTENT_TYPE, content_type).timeout(TIME_LIMIT);
    if let Some(encoding) = headers.get(CONTENT_ENCODING) {
        call = call.header(CONTENT_ENCODING, encoding.clone());
    }
    let length = body.size_hint().exact();
    let answer = session.upload(&call, length, body.into_data_stream()).await.map_err(problem)?;
    relay(&"your PDS", answer.status, &answer.headers, answer.body)
}

#[expect(clippy::expect_used, reason = "a constant that parses")]
pub(crate) fn method() -> Nsid {
    Nsid::parse("com.atproto.repo.uploadBlob").expect("an NSID")
}

/// A body that turned out to be too large broke the connection to the PDS off, which is not the fault of the PDS.
fn problem(error: PdsError) -> Problem {
    let mut cause: Option<&(dyn Error + 'static)> = match &error {
        PdsError::Unreachable(error) => Some(&**error),
        _ => None,
    };
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
        }
        cause = error.source();
    }
    error.into()
}
