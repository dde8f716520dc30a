//! Reading a manifest.

use axum::body::Body;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{Method, StatusCode};
use oci::{Digest, EntityTag, ErrorCode, Reference};

use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::index::Found;
use crate::load::{Loaded, unknowable};
use crate::place::Place;
use crate::pulls::Pulled;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn get(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    repository: &Repository,
    reference: &Reference,
) -> Result<Answer, Refusal> {
    let unknown = || Refusal::from(ErrorCode::ManifestUnknown);
    let found = find(registry, asked, repository, reference).await?.ok_or_else(unknown)?;
    if registry.place(found.hold.clone()) == Place::Here {
        registry.may_read_here(asked, presented).await?;
    }
    // By the algorithm of the request.
    let digest = match reference {
        Reference::Digest(digest) => *digest,
        Reference::Tag(_) => found.digest,
    };
    let labelled = |status| {
        Answer::new(status)
            .digest(&digest)
            .with(ETAG, &EntityTag(digest).to_string())
            .with_static(CONTENT_TYPE, found.media_type.as_str())
    };
    if asked.header(IF_NONE_MATCH).is_some_and(|known| EntityTag(digest).is_known(known)) {
        return Ok(labelled(StatusCode::NOT_MODIFIED));
    }
    let bytes = registry.contents.of(repository, &found).await?.ok_or_else(unknown)?;
    let is_head = asked.method() == Method::HEAD;
    if !is_head && counts(registry, repository, reference).await? {
        let place = registry.place(found.hold.clone());
        registry.pulls.count(asked.address(), (repository, &found.digest), &place, |hold| Pulled {
            hold: hold.clone(),
            repository: repository.clone(),
            digest: found.digest,
            media_type: found.media_type,
            bytes: bytes.clone(),
            user: presented.subject().cloned(),
        });
    }
    let length = bytes.len() as u64;
    Ok(labelled(StatusCode::OK).body(length, (!is_head).then(|| Body::from(bytes))))
}

/// The manifest that goes by this name. Of a repository that is not known here its owner's records are read first.
pub(crate) async fn find(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    reference: &Reference,
) -> Result<Option<Found>, Refusal> {
    if let Some(found) = registry.index.manifest(repository, reference).await? {
        return Ok(Some(found));
    }
    let loaded = registry.load_manifest(asked, repository, reference).await?;
    if loaded == Loaded::Nothing {
        return Ok(None);
    }
    match registry.index.manifest(repository, reference).await? {
        None if loaded == Loaded::Unknown => Err(unknowable()),
        found => Ok(found),
    }
}

/// Whether a download by this name is a pull: what belongs to an index is part of another one.
async fn counts(
    registry: &Registry,
    repository: &Repository,
    reference: &Reference,
) -> Result<bool, Refusal> {
    let Reference::Digest(digest) = reference else { return Ok(true) };
    let part: Option<_> = registry.index.part(repository, digest as &Digest).await?;
    Ok(part.is_none_or(|part| !part.is_manifest))
}
