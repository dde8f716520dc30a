//! Storing a manifest, and giving it tags.
//!
//! The order is what makes a crash harmless. The hold is told first, durably, so that nothing the manifest needs is garbage; then the
//! bytes are put where the record will point; then the record is written, and then the tags. What remains of an attempt that broke
//! off is room that is taken in the hold, and the next attempt finds it done. So it is with [somebody else's hold](super::keep), too.
//! Another tag for what is recorded and kept here is one record.

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
use records::RepoWrite;

use super::{delete, keep, tags, untag};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::authors::Author;
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

    let _turn = registry.turns.of(&repository.owner).await?;
    let destination = registry.destination(asked, &repository.owner).await?;
    let auto_remove_untagged = destination.auto_remove_untagged;
    // It is one manifest, however often and under which of its digests it is put.
    let before = registry.index.of_blob(repository, &Cid::raw_sha256(&bytes)).await?;
    let digest = match &before {
        Some(before) if named.algorithm() == Algorithm::Sha256 => before.digest,
        _ => named,
    };
    let all: Vec<&Tag> = match reference {
        Reference::Tag(tag) => vec![tag],
        Reference::Digest(_) => tags.iter().collect(),
    };
    let recorded_in = |hold: &Did| {
        let before = before.as_ref().filter(|before| before.digest == digest);
        let before = before.filter(|before| before.media_type == manifest.media_type);
        let before = before.filter(|before| before.hold.as_ref() == Some(hold));
        before.and_then(|before| RecordKey::parse(&before.rkey).ok())
    };
    let is_kept = destination.remote.is_none()
        && recorded_in(registry.hold.did()).is_some()
        && registry.hold.keeps(&repository.owner, &repository.name, &digest).await?;
    let place = if is_kept {
        Place::Here
    } else {
        // What is there now is there when the record is: nobody deletes meanwhile.
        let needed = check(registry, asked, repository, &manifest).await?;
        let hold = keep::hold_of(registry, repository, &needed, destination).await?;
        let tag = all.first().map(|tag| tag.as_str());
        let notice = keep::notice(repository, &digest, &manifest, tag);
        keep::keep(registry, asked, &hold, &notice, needed).await?;
        faults::crash_point!("manifest.kept");
        hold.place()
    };
    let did = place.did(registry.hold.did());
    let rkey = match recorded_in(did) {
        Some(rkey) => rkey,
        None => record(registry, &author, (repository, did), &manifest, (&digest, &bytes)).await?,
    };
    faults::crash_point!("manifest.recorded");
    let mut moved = Vec::new();
    for tag in all {
        if auto_remove_untagged {
            let before = registry.index.tagged(repository, &Reference::Tag(tag.clone())).await?;
            moved.extend(before.into_iter().map(|tagged| tagged.digest).filter(|before| *before != digest));
        }
        tags::put(registry, &author, repository, tag, &digest, &rkey).await?;
    }
    untag::remove(registry, &author, repository, moved).await?;
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

/// Puts the bytes where the record points, and writes it. Its key.
async fn record(
    registry: &Registry,
    author: &Author,
    (repository, hold): (&Repository, &Did),
    manifest: &Manifest<'_>,
    (digest, bytes): (&Digest, &Bytes),
) -> Result<RecordKey, Refusal> {
    let blob = author.upload(manifest.media_type.as_str(), bytes.clone()).await?;
    faults::crash_point!("manifest.stored");
    let rkey = of_manifest(registry, repository, digest).await?;
    let record =
        manifest_record(&repository.name, digest, manifest, (blob, bytes.len()), hold, &crate::now());
    let collection = lexicon::manifest_collection();
    registry.write(author, RepoWrite::Put { collection, rkey: rkey.clone(), record }).await?;
    registry.contents.keep(digest, bytes.clone()).await;
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
    let mut seen = std::collections::HashSet::new();
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
            Needed::Manifest(_) if registry.bounds.sparse => {}
            Needed::Manifest(_) => {
                let reference = Reference::Digest(descriptor.digest);
                if registry.index.manifest(repository, &reference).await?.is_none() {
                    missing.push(needed.missing());
                }
            }
        }
    }
    match Errors::collect(missing).filter(|_| !faults::mutant!("registry-manifest-of-missing-blobs")) {
        Some(errors) => Err(errors.into()),
        None => Ok(layers),
    }
}

/// The key of the record: that of its digest, unless another repository of the owner has it.
async fn of_manifest(
    registry: &Registry,
    repository: &Repository,
    digest: &Digest,
) -> Result<RecordKey, Refusal> {
    let [first, second] = manifest_rkeys(&repository.name, digest);
    let collection = lexicon::manifest_collection();
    let there = registry.records.get(&repository.owner, &collection, &first).await?;
    let there = there.and_then(|record| ManifestRecord::parse(&record.json));
    let is_taken = there.is_some_and(|record| record.repository != repository.name);
    Ok(if is_taken { second } else { first })
}
