//! Requests to an archive's server.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ETAG, IF_MATCH, RANGE};
use http::{HeaderValue, Method, StatusCode};
use outbound::{RequestBuilder, Response};
use url::Url;

use super::wire::{Page, Question};
use super::{Archive, PlanRequest, telemetry};
use crate::client::Asked;
use crate::{RemoteError, refusal};

pub(super) const PLAN: &str = "network.bsky.jetstream.planSnapshot";
pub(super) const SEGMENT: &str = "network.bsky.jetstream.getSegment";
pub(super) const BLOCK: &str = "network.bsky.jetstream.getBlock";

/// Identities are of no use to whoever wants records; accounts and syncs void some.
const KINDS: [&str; 3] = ["commit", "account", "sync"];

/// Filters that a server accepts. With more, everything is planned and what is not wanted left out on arrival.
const MAX_COLLECTIONS: usize = 100;
const MAX_DIDS: usize = 10_000;

/// A page of the 100,000 entries a server plans at once is about 20 MB.
const MAX_PLAN_BYTES: usize = 64 << 20;

const TIMEOUT: Duration = Duration::from_mins(1);

/// The pause after a 429 that does not ask for any.
const PAUSE: Duration = Duration::from_secs(5);

/// A part of a segment.
pub(super) enum Part {
    Bytes(Bytes),
    /// The segment is no longer the one that was asked for: compaction replaced it.
    Replaced,
}

impl Archive {
    pub(super) async fn plan_page(&self, request: &PlanRequest, after: u64) -> Result<Page, RemoteError> {
        let few = |count, most| if count > most { 0 } else { count };
        let question = Question {
            kinds: &KINDS,
            collections: &request.collections[..few(request.collections.len(), MAX_COLLECTIONS)],
            dids: &request.dids[..few(request.dids.len(), MAX_DIDS)],
            after_seq: after,
            before_seq: request.before_seq,
        };
        let body = serde_json::to_vec(&question).map_err(|error| self.malformed(PLAN, &error))?;
        let url = self.url(PLAN, &[]);
        let ask = self.outbound.request(Method::POST, &url).body("application/json", body);
        let answer = self.ask(PLAN, ask.max_bytes(MAX_PLAN_BYTES)).await?;
        serde_json::from_slice(&answer.body).map_err(|error| self.malformed(PLAN, &error))
    }

    /// Exactly these bytes of a segment, from `at.start` to before `at.end`, or to the segment's end if that is `None`;
    /// at most `max_bytes`. With a checksum: of the segment that has it.
    pub(super) async fn segment_part(
        &self,
        name: &str,
        at: (u64, Option<u64>),
        checksum: Option<u64>,
        max_bytes: usize,
    ) -> Result<Part, RemoteError> {
        let url = self.url(SEGMENT, &[("name", name)]);
        let range = match at {
            (start, Some(end)) => format!("bytes={start}-{}", end.saturating_sub(1)),
            (start, None) => format!("bytes={start}-"),
        };
        let value =
            |text: String| HeaderValue::try_from(text).map_err(|error| self.malformed(SEGMENT, &error));
        let mut ask = self.outbound.get(&url).header(RANGE, value(range)?);
        if let Some(checksum) = checksum {
            ask = ask.header(IF_MATCH, value(etag(checksum))?);
        }
        let answer = self.ask(SEGMENT, ask.max_bytes(max_bytes)).await?;
        let tag = answer.headers.get(ETAG);
        let other = |checksum| tag.is_some_and(|tag| tag.as_bytes() != etag(checksum).as_bytes());
        match answer.status {
            StatusCode::PRECONDITION_FAILED => Ok(Part::Replaced),
            StatusCode::PARTIAL_CONTENT if checksum.is_some_and(other) => Ok(Part::Replaced),
            StatusCode::PARTIAL_CONTENT if is_length(at, answer.body.len()) => Ok(Part::Bytes(answer.body)),
            StatusCode::PARTIAL_CONTENT => Err(self.malformed(SEGMENT, &"a part of another length")),
            _ => Err(self.malformed(SEGMENT, &"the whole where a part was asked for")),
        }
    }

    /// One block of a segment.
    pub(super) async fn block(&self, name: &str, block: u32, max_bytes: usize) -> Result<Bytes, RemoteError> {
        let url = self.url(BLOCK, &[("segment", name), ("blockIndex", &block.to_string())]);
        Ok(self.ask(BLOCK, self.outbound.get(&url).max_bytes(max_bytes)).await?.body)
    }

    pub(super) fn malformed(&self, method: &'static str, what: &dyn Display) -> RemoteError {
        RemoteError::Malformed { host: Box::new(self.origin.clone()), method, what: what.to_string() }
    }

    fn url(&self, method: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.origin.clone();
        url.set_path(&format!("/xrpc/{method}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Sends a request; an answer has a status of success, or says that a condition was not met.
    async fn ask(&self, method: &'static str, ask: RequestBuilder<'_>) -> Result<Response, RemoteError> {
        let transport = |cause| RemoteError::Transport { method, cause: Arc::new(cause) };
        let opened = ask.timeout(TIMEOUT).open().await.map_err(transport)?;
        let pause = opened.retry_after();
        let answer = opened.read().await.map_err(transport)?;
        telemetry::received(answer.body.len());
        let status = answer.status;
        if status.is_success() || status == StatusCode::PRECONDITION_FAILED {
            return Ok(answer);
        }
        let host = &self.origin;
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(RemoteError::RateLimited {
                host: Box::new(host.clone()),
                retry_after: pause.unwrap_or(PAUSE),
            });
        }
        Err(refusal::understand(Asked { host, did: None }, method, status, &answer.body))
    }
}

fn is_length((start, end): (u64, Option<u64>), length: usize) -> bool {
    end.is_none_or(|end| end.checked_sub(start) == Some(length as u64))
}

/// The tag a segment is served with.
fn etag(checksum: u64) -> String {
    format!("\"{checksum:016x}\"")
}
