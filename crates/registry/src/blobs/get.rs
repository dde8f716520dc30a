//! Reading a blob.

use std::time::Duration;

use axum::body::Body;
use blobs::Wanted;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{Method, StatusCode};
use oci::{ByteRange, Digest, EntityTag, Error, ErrorCode};

use super::{remote, visible};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How long a client may take to begin to read from where a blob is.
const AWAY: Duration = Duration::from_mins(15);

/// What is under a digest is that for ever.
const FOR_EVER: &str = "max-age=31536000, immutable";

pub(crate) async fn get(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    repository: &Repository,
    digest: &Digest,
) -> Result<Answer, Refusal> {
    let unknown = || Refusal::from(ErrorCode::BlobUnknown);
    let found = visible(registry, asked, repository, digest).await?.ok_or_else(unknown)?;
    if asked.method() == Method::HEAD {
        remote::would_be_sent(registry, presented, asked, (repository, digest)).await?;
    }
    if let Place::In(hold) = &found.place {
        return remote::get(registry, presented, asked, (repository, digest), (hold, found.size)).await;
    }
    registry.may_read_here(asked, presented).await?;
    let tag = EntityTag(*digest);
    if asked.header(IF_NONE_MATCH).is_some_and(|known| tag.is_known(known)) {
        return Ok(labelled(Answer::new(StatusCode::NOT_MODIFIED), digest));
    }
    if asked.method() == Method::HEAD {
        let size = registry.hold.blobs().head(digest).await?.ok_or_else(unknown)?;
        return Ok(content(labelled(Answer::new(StatusCode::OK), digest)).body(size, None));
    }
    if let Some(url) = registry.hold.blobs().presign(digest, Wanted::Get, AWAY).await? {
        return Ok(labelled(Answer::new(StatusCode::TEMPORARY_REDIRECT), digest).location(url.as_str()));
    }
    let blob = registry.hold.blobs().open(digest).await?.ok_or_else(unknown)?;
    let size = blob.size();
    let range = asked.header(RANGE).filter(|_| tag.allows_range(asked.header(IF_RANGE)));
    let range = ByteRange::parse(range, size);
    let (status, bytes) = match range {
        ByteRange::Full => (StatusCode::OK, 0..size),
        ByteRange::Partial { first, last } => (StatusCode::PARTIAL_CONTENT, first..last + 1),
        ByteRange::Unsatisfiable => {
            let refusal = Error::new(ErrorCode::SizeInvalid, format!("the blob has {size} bytes"));
            let refusal = Refusal::from(refusal.with_status(StatusCode::RANGE_NOT_SATISFIABLE));
            return Err(refusal.with_header(CONTENT_RANGE, &format!("bytes */{size}")));
        }
    };
    let mut answer = content(labelled(Answer::new(status), digest));
    if let Some(part) = range.content_range(size) {
        answer = answer.with(CONTENT_RANGE, &part);
    }
    metrics::counter!("registry_bytes_sent_total").increment(range.body_length(size));
    Ok(answer.body(range.body_length(size), Some(Body::from_stream(blob.read(bytes)))))
}

pub(super) fn labelled(answer: Answer, digest: &Digest) -> Answer {
    answer.digest(digest).with(ETAG, &EntityTag(*digest).to_string()).with_static(CACHE_CONTROL, FOR_EVER)
}

pub(super) fn content(answer: Answer) -> Answer {
    answer.with_static(CONTENT_TYPE, "application/octet-stream").with_static(ACCEPT_RANGES, "bytes")
}
