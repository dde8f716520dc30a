//! Handing a PDS a body that comes from somewhere else.

use atproto::Nsid;
use bytes::Bytes;
use futures::TryStream;
use http::StatusCode;

use super::{PdsAnswer, PdsCall, PdsSession};
use crate::pds::PdsError;

/// More than who the caller is says nobody.
const MAX_SESSION_BYTES: usize = 64 << 10;

impl PdsSession {
    /// Makes a call whose body is passed on as it comes, with its length if that is known.
    ///
    /// Such a body cannot be sent twice. So a small question goes first, and whatever a PDS may want before it listens, a
    /// proof with its newest nonce or newer tokens, is found out with that. If even the question is refused, the refusal
    /// is the answer, and the body is not touched.
    pub async fn upload<S>(&self, call: &PdsCall, length: Option<u64>, body: S) -> Result<PdsAnswer, PdsError>
    where
        S: TryStream<Ok = Bytes> + Send + 'static,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let question = PdsCall::query(get_session()).max_bytes(MAX_SESSION_BYTES);
        let answer = self.call(&question).await?;
        let refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS);
        if refused || answer.status.is_server_error() {
            return Ok(answer);
        }
        let grant = self.latest();
        let request = self.request(&grant, call)?.stream(length, body);
        self.exchange(request).await
    }
}

#[expect(clippy::expect_used, reason = "a constant that parses")]
fn get_session() -> Nsid {
    Nsid::parse("com.atproto.server.getSession").expect("an NSID")
}
