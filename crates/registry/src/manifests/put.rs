//! Storing a manifest, and giving it tags.
//!
//! The order is what makes a crash harmless. The hold is told first, durably, so that nothing the manifest needs is garbage; then the
//! bytes are put where the record will point; then the record is written, and then the tags. What remains of an attempt that broke
//! off is room that is taken in the hold, and the next attempt finds it done. So it is with [somebody else's hold](super::keep), too.
//! Another tag for what is recorded and kept here is one record.

use std::collections::HashSet;

use atproto::{Cid, Did, RecordKey};
use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use oci::{
    Algorithm, Digest, Error, ErrorCode, Errors, Limits, Manifest, Needed, Reference, RepositoryName, Route,
    Tag,
};

use super::{delete, keep, tags, untag};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::authors::Author;
use crate::destination::Destination;
use crate::index::Found;
use crate::lexicon::{self, ManifestRecord, manifest_record, manifest_rkeys};
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn put(
    registry: &Registry,
    presented: &Presented,
    (asked, body): (&Asked, &mut Body),
    (name, repository): (&RepositoryName, &Repository),
    reference: &Reference,
) -> Result<Answer, Refusal> {
    let tags: Vec<_> = asked.query().filter(|(key, _)| key == "tag").map(|(_, value)| value).collect();
    let tags = oci::tag_parameters(reference, tags.iter().map(|tag| &**tag))?;
    let author = registry.authors.of(repository, presented).await?;
    let bytes = read(asked, body, registry.bounds.manifest).await?;
    let limits = Limits { bytes: registry.bounds.manifest, ..Limits::default() };
    let manifest = Manifest::parse(&bytes, asked.header(CONTENT_TYPE), &limits)?;
    let named = reference.digest_of(&bytes)?;

    let destination = registry.destination(asked, &repository.owner).await?;
    let all: Vec<&Tag> = match reference {
        Reference::Tag(tag) => vec![tag],
        Reference::Digest(_) => tags.iter().collect(),
    };
    let image = Image { repository, manifest: &manifest, named, bytes: &bytes };
    // Whoever has to be asked elsewhere is asked now: others wait for the turn.
    let known = Known::of(registry, &image).await?;
    let sent = if known.is_kept(&destination, registry.hold.did()) {
        None
    } else {
        Some(sent(registry, asked, &image, &destination).await?)
    };
    // What may be needed by something that is not known here stays.
    let untags =
        destination.auto_remove_untagged && !all.is_empty() && registry.knows_all(asked, repository).await?;

    let _turn = registry.turns.of(&repository.owner).await?;
    let known = Known::of(registry, &image).await?;
    let digest = known.digest;
    let mut is_new = false;
    let place = if known.is_kept(&destination, registry.hold.did()) {
        Place::Here
    } else {
        let (needed, hold) = match sent {
            Some(sent) => sent,
            // It was deleted a moment ago.
            None => self::sent(registry, asked, &image, &destination).await?,
        };
        // What is there now is there when the record is: nobody deletes meanwhile.
        children(registry, repository, &manifest).await?;
        is_new = !registry.hold.keeps(&repository.owner, &repository.name, &digest).await?;
        let tag = all.first().map(|tag| tag.as_str());
        let notice = keep::notice(repository, &digest, &manifest, tag);
        keep::keep(registry, &hold, &notice, needed).await?;
        faults::crash_point!("manifest.kept");
        hold.place()
    };
    let did = place.did(registry.hold.did());
    let rkey = match known.recorded_in(did) {
        Some(rkey) => rkey,
        None => match record(registry, &author, &image, did, &digest).await {
            Ok(rkey) => rkey,
            Err(refusal) => {
                // There is no record of it, so it takes no room either. Where nobody knows whether there is one, it does.
                if refusal.is_final() && place == Place::Here && is_new {
                    registry.hold.release(&repository.owner, &repository.name, &digest).await?;
                }
                return Err(refusal);
            }
        },
    };
    faults::crash_point!("manifest.recorded");
    let mut moved = Vec::new();
    for tag in all {
        if untags {
            let before = registry.index.tagged(repository, &Reference::Tag(tag.clone())).await?;
            moved.extend(before.into_iter().map(|tagged| tagged.digest).filter(|before| *before != digest));
        }
        tags::put(registry, &author, repository, tag, &digest, &rkey).await?;
    }
    untag::remove(registry, &author, repository, moved).await?;
    let before = known.before;
    if place != Place::Here && before.is_some() {
        // It was here once, perhaps, and now it is elsewhere.
        registry.hold.release(&repository.owner, &repository.name, &digest).await?;
    }
    if let Some(before) = before.filter(|before| before.digest != digest) {
        supersede(registry, &author, repository, &before, (&digest, &rkey)).await?;
    }
    tags::confirm(registry, &author, repository, &digest).await?;
    if place == Place::Here {
        registry.hold.count_push(&repository.owner, &repository.name);
    }

    let location = Route::Manifest { name: name.clone(), reference: Reference::Digest(named) };
    let mut answer = Answer::new(StatusCode::CREATED).location(&location.to_string()).digest(&named);
    if let Some(subject) = &manifest.subject {
        answer = answer.with(oci::header::SUBJECT, &subject.digest.to_string());
    }
    for tag in &tags {
        answer = answer.with(oci::header::TAG, tag.as_str());
    }
    Ok(answer)
}

/// What is put.
struct Image<'i> {
    repository: &'i Repository,
    manifest: &'i Manifest<'i>,
    /// By the digest that the client names.
    named: Digest,
    bytes: &'i Bytes,
}

/// What is known of it before.
struct Known {
    before: Option<Found>,
    /// It is one manifest, however often and under which of its digests it is put.
    digest: Digest,
    /// Whether the record that there is says the same of it.
    is_same: bool,
    /// Whether our own hold keeps what it needs as well.
    keeps: bool,
}

impl Known {
    async fn of(registry: &Registry, image: &Image<'_>) -> Result<Self, Refusal> {
        let Image { repository, manifest, named, bytes } = image;
        let before = registry.index.of_blob(repository, &Cid::raw_sha256(bytes)).await?;
        let digest = match &before {
            Some(before) if named.algorithm() == Algorithm::Sha256 => before.digest,
            _ => *named,
        };
        let is_same = before
            .as_ref()
            .is_some_and(|before| before.digest == digest && before.media_type == manifest.media_type);
        let keeps = is_same && registry.hold.keeps(&repository.owner, &repository.name, &digest).await?;
        Ok(Self { before, digest, is_same, keeps })
    }

    /// The key of its record, if that names this hold.
    fn recorded_in(&self, hold: &Did) -> Option<RecordKey> {
        let before = self.before.as_ref().filter(|_| self.is_same);
        let before = before.filter(|before| before.hold.as_ref() == Some(hold));
        before.and_then(|before| RecordKey::parse(&before.rkey).ok())
    }

    /// Whether nothing is left to do but to give it tags.
    fn is_kept(&self, destination: &Destination, own: &Did) -> bool {
        destination.remote.is_none() && self.keeps && self.recorded_in(own).is_some()
    }
}

/// The blobs that it needs, and the hold that has them all.
async fn sent(
    registry: &Registry,
    asked: &Asked,
    image: &Image<'_>,
    destination: &Destination,
) -> Result<(Vec<keep::Needed>, keep::In), Refusal> {
    let needed = check(registry, asked, image.repository, image.manifest).await?;
    let hold = keep::hold_of(registry, image.repository, &needed, destination).await?;
    keep::ask(registry, asked, &hold, image.repository, &needed).await?;
    Ok((needed, hold))
}

/// Puts the bytes where the record points, and writes it. Its key: that of its digest, unless another repository of the owner has it.
async fn record(
    registry: &Registry,
    author: &Author,
    image: &Image<'_>,
    hold: &Did,
    digest: &Digest,
) -> Result<RecordKey, Refusal> {
    let Image { repository, manifest, bytes, .. } = image;
    let blob = author.upload(manifest.media_type.as_str(), (*bytes).clone()).await?;
    faults::crash_point!("manifest.stored");
    let record =
        manifest_record(&repository.name, digest, manifest, (blob, bytes.len()), hold, &crate::now());
    let is_it =
        |json: &str| ManifestRecord::parse(json).is_none_or(|there| there.repository == repository.name);
    let (keys, collection) = (manifest_rkeys(&repository.name, digest), lexicon::manifest_collection());
    let rkey = registry.put_apart(author, collection, keys, record, is_it).await?;
    registry.contents.keep(digest, (*bytes).clone()).await;
    Ok(rkey)
}

/// What was known by its SHA-256 is known by its SHA-512 from now on, and so are its tags.
async fn supersede(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    before: &Found,
    (digest, rkey): (&Digest, &RecordKey),
) -> Result<(), Refusal> {
    for tagged in registry.index.tagged(repository, &Reference::Digest(before.digest)).await? {
        tags::put(registry, author, repository, &Tag::parse(&tagged.tag)?, digest, rkey).await?;
    }
    delete::records(registry, author, repository, &before.digest).await
}

async fn read(asked: &Asked, body: &mut Body, limit: usize) -> Result<Bytes, Refusal> {
    if asked.content_length().is_some_and(|length| length > limit as u64) {
        return Err(Error::too_large(limit).into());
    }
    let body = Limited::new(std::mem::take(body), limit);
    match body.collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::too_large(limit).into()),
        Err(_) => Err(Error::new(ErrorCode::ManifestInvalid, "the body of the request broke off").into()),
    }
}

/// Refuses a manifest that needs what is not in the repository. The blobs it needs.
async fn check(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    manifest: &Manifest<'_>,
) -> Result<Vec<keep::Needed>, Refusal> {
    let mut missing = Vec::new();
    let mut layers = Vec::new();
    let mut seen = HashSet::new();
    for needed in manifest.needed() {
        let descriptor = needed.descriptor();
        if !seen.insert(descriptor.digest) {
            continue;
        }
        match needed {
            Needed::Blob(_) => match keep::find(registry, asked, repository, descriptor).await? {
                Some(found) => layers.push(found),
                None => missing.push(needed.missing()),
            },
            Needed::Manifest(_) if is_here(registry, repository, &descriptor.digest).await? => {}
            Needed::Manifest(_) => missing.push(needed.missing()),
        }
    }
    complete(missing).map(|()| layers)
}

/// The same of the manifests that it names, once more: nobody else is asked.
async fn children(
    registry: &Registry,
    repository: &Repository,
    manifest: &Manifest<'_>,
) -> Result<(), Refusal> {
    let mut missing = Vec::new();
    for needed in manifest.needed() {
        if matches!(needed, Needed::Manifest(_))
            && !is_here(registry, repository, &needed.descriptor().digest).await?
        {
            missing.push(needed.missing());
        }
    }
    complete(missing)
}

/// Whether an index may name this manifest.
async fn is_here(registry: &Registry, repository: &Repository, digest: &Digest) -> Result<bool, Refusal> {
    let reference = Reference::Digest(*digest);
    Ok(registry.bounds.sparse || registry.index.manifest(repository, &reference).await?.is_some())
}

/// Refuses what lacks any of these.
fn complete(missing: Vec<Error>) -> Result<(), Refusal> {
    match Errors::collect(missing).filter(|_| !faults::mutant!("registry-manifest-of-missing-blobs")) {
        Some(errors) => Err(errors.into()),
        None => Ok(()),
    }
}
