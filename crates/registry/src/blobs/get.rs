//! Reading a blob.

use std::time::Duration;

use axum::body::Body;
use blobs::Wanted;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{Method, StatusCode};
use oci::{Digest, EntityTag, Error, ErrorCode, Portion};
use url::Url;

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
        return Ok(sent_to(&url, digest));
    }
    let blob = registry.hold.blobs().open(digest).await?.ok_or_else(unknown)?;
    let portion = Portion::of(tag, blob.size(), asked.header(RANGE), asked.header(IF_RANGE));
    let portion = portion.map_err(|refused| {
        let refusal = Error::new(ErrorCode::SizeInvalid, refused.to_string());
        let refusal = Refusal::from(refusal.with_status(StatusCode::RANGE_NOT_SATISFIABLE));
        refusal.with_header(CONTENT_RANGE, &refused.content_range())
    })?;
    let mut answer = content(labelled(Answer::new(portion.status), digest));
    if let Some(part) = &portion.content_range {
        answer = answer.with(CONTENT_RANGE, part);
    }
    let length = portion.length();
    metrics::counter!("registry_bytes_sent_total").increment(length);
    Ok(answer.body(length, Some(Body::from_stream(blob.read(portion.bytes)))))
}

/// Sends whoever asks to where the blob is: them and nobody else, and not for long.
pub(super) fn sent_to(url: &Url, digest: &Digest) -> Answer {
    let answer = Answer::new(StatusCode::TEMPORARY_REDIRECT).digest(digest);
    answer.with_static(CACHE_CONTROL, "no-store").location(url.as_str())
}

pub(super) fn labelled(answer: Answer, digest: &Digest) -> Answer {
    answer.digest(digest).with(ETAG, &EntityTag(*digest).to_string()).with_static(CACHE_CONTROL, FOR_EVER)
}

pub(super) fn content(answer: Answer) -> Answer {
    answer.with_static(CONTENT_TYPE, "application/octet-stream").with_static(ACCEPT_RANGES, "bytes")
}
