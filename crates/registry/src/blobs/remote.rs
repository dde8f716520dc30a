//! Reading a blob that is in somebody else's hold (spec/registry.md §4.5): the reader is sent there, or gets it through here where the
//! hold gives bytes and no URL.

use std::time::Duration;

use atproto::Did;
use axum::body::Body;
use futures::{Stream, stream};
use http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{Method, StatusCode};
use oci::{Actions, Digest, EntityTag, Error, ErrorCode};
use outbound::Incoming;

use super::get::{content, labelled, sent_to};
use super::lies_in;
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::holds::{HoldError, Remote};
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How long a hold may pause in the middle of a blob.
const PAUSE: Duration = Duration::from_mins(1);

/// `size` is what the manifest says.
pub(super) async fn get(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    (repository, digest): (&Repository, &Digest),
    (hold, size): (&Did, u64),
) -> Result<Answer, Refusal> {
    let tag = EntityTag(*digest);
    if asked.header(IF_NONE_MATCH).is_some_and(|known| tag.is_known(known)) {
        return Ok(labelled(Answer::new(StatusCode::NOT_MODIFIED), digest));
    }
    if asked.method() == Method::HEAD {
        return Ok(content(labelled(Answer::new(StatusCode::OK), digest)).body(size, None));
    }
    let found = match registry.holds.find(hold).await {
        Ok(Some(found)) => found,
        // It has moved into our own, which does not have it.
        Ok(None) => return Err(ErrorCode::BlobUnknown.into()),
        Err(error @ HoldError::Nowhere { .. }) => {
            return Err(Error::new(ErrorCode::BlobUnknown, error.to_string()).into());
        }
        Err(error) => return Err(error.into()),
    };
    if !found.captain.public && presented.subject().is_none() {
        return Err(registry.unnamed(asked));
    }
    let range = asked.header(RANGE).filter(|_| tag.allows_range(asked.header(IF_RANGE)));
    match registry.holds.blob(&found, presented.subject(), (repository, digest), range).await? {
        Remote::At(url) => Ok(sent_to(&url, digest)),
        Remote::Bytes(incoming) => Ok(through(*incoming, digest)),
    }
}

/// Refuses whoever looks whether a blob has to be sent, where it has to: it is not in the hold in which their images go now.
pub(super) async fn would_be_sent(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    (repository, digest): (&Repository, &Digest),
) -> Result<(), Refusal> {
    let is_owner = presented.subject() == Some(&repository.owner);
    if !is_owner || !registry.auth.allowed(presented, repository).await?.allow(Actions::PUSH) {
        return Ok(());
    }
    // While nobody can say where it would go, it is said where it is.
    let Ok(destination) = registry.destination(asked, &repository.owner).await else { return Ok(()) };
    let is_there = match &destination.remote {
        // Our own hold says itself whether it has it.
        None => match lies_in(registry, repository, digest, &Place::Here).await? {
            Some(_) => true,
            None => registry.hold.needs(digest, Some(&repository.owner)).await?,
        },
        Some(hold) => {
            let owner = &repository.owner;
            lies_in(registry, repository, digest, &destination.place()).await?.is_some()
                && registry.holds.has(hold, Some(owner), owner, digest).await.unwrap_or(true)
        }
    };
    if is_there { Ok(()) } else { Err(ErrorCode::BlobUnknown.into()) }
}

/// Hands on what a hold sends, as it comes.
fn through(incoming: Incoming, digest: &Digest) -> Answer {
    let status = incoming.status();
    let mut answer = labelled(Answer::new(status), digest)
        .with_static(CONTENT_TYPE, "application/octet-stream")
        .with_static(ACCEPT_RANGES, "bytes");
    let text = |name| incoming.headers().get(&name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    if let Some(range) = text(CONTENT_RANGE) {
        answer = answer.with(CONTENT_RANGE, &range);
    }
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let body = Body::from_stream(pausing(incoming));
    match length {
        Some(length) => answer.body(length, Some(body)),
        None => answer.of_unknown_length(body),
    }
}

fn pausing(incoming: Incoming) -> impl Stream<Item = std::io::Result<bytes::Bytes>> {
    stream::unfold(Some(incoming), |incoming| async move {
        let mut incoming = incoming?;
        match tokio::time::timeout(PAUSE, incoming.chunk()).await {
            Ok(Ok(None)) => None,
            Ok(Ok(Some(piece))) => {
                metrics::counter!("registry_bytes_sent_total").increment(piece.len() as u64);
                Some((Ok(piece), Some(incoming)))
            }
            Ok(Err(error)) => Some((Err(std::io::Error::other(error)), None)),
            Err(_) => Some((Err(std::io::Error::other("the hold has paused for a minute")), None)),
        }
    })
}
