//! Giving tags to manifests, and taking them away.

use atproto::RecordKey;
use oci::{Digest, Reference, Tag};
use records::RepoWrite;

use crate::Repository;
use crate::authors::Author;
use crate::index::Tagged;
use crate::lexicon::{self, TagRecord, tag_record, tag_rkeys};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Gives a tag to a manifest whose record has this key, whatever had it before.
pub(super) async fn put(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    tag: &Tag,
    digest: &Digest,
    manifest: &RecordKey,
) -> Result<(), Refusal> {
    let is_it = |json: &str| {
        let there = TagRecord::parse(json);
        there.is_none_or(|there| there.repository == repository.name && there.tag == *tag)
    };
    let keys = keys(registry, author, repository, tag).await?;
    let record =
        tag_record(&repository.owner, &repository.name, tag, digest, manifest.as_str(), &crate::now());
    registry.put_apart(author, lexicon::tag_collection(), keys, record, is_it).await.map(drop)
}

/// The keys that its record may have: first the one that it has now, whoever wrote it, or else the one that it should have.
async fn keys(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    tag: &Tag,
) -> Result<[RecordKey; 2], Refusal> {
    let known = registry.index.tagged(repository, &Reference::Tag(tag.clone())).await?;
    let [first, second] = tag_rkeys(&repository.name, tag);
    if let Some(rkey) = known.last().and_then(|tagged| RecordKey::parse(&tagged.rkey).ok()) {
        return Ok([rkey, second]);
    }
    // It has the second if another pair had the first when it was given, whether or not that is there still.
    let is_there =
        first != second && registry.there(author, &lexicon::tag_collection(), &second).await?.is_some();
    Ok(if is_there { [second.clone(), second] } else { [first, second] })
}

/// Whoever deletes a manifest on an instance that knew nothing of this turn removes the tags that it sees. Those that were written after
/// that are seen here: they are taken back, and the client sends its manifest again.
pub(super) async fn confirm(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    digest: &Digest,
) -> Result<(), Refusal> {
    let named = Reference::Digest(*digest);
    if !registry.turns.are_shared() || registry.index.manifest(repository, &named).await?.is_some() {
        return Ok(());
    }
    let tagged = registry.index.tagged(repository, &named).await?;
    remove(registry, author, tagged).await?;
    Err(Refusal::unavailable(std::io::Error::other("the manifest was deleted while it was being put")))
}

/// The other half of that: tags that a manifest got while it was being deleted go with it.
pub(super) async fn sweep(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    digest: &Digest,
) -> Result<(), Refusal> {
    if !registry.turns.are_shared() {
        return Ok(());
    }
    let tagged = registry.index.tagged(repository, &Reference::Digest(*digest)).await?;
    remove(registry, author, tagged).await
}

/// Removes the records of tags.
pub(super) async fn remove(registry: &Registry, author: &Author, tags: Vec<Tagged>) -> Result<(), Refusal> {
    for Tagged { rkey, .. } in tags {
        let Ok(rkey) = RecordKey::parse(&rkey) else { continue };
        registry.write(author, RepoWrite::Delete { collection: lexicon::tag_collection(), rkey }).await?;
    }
    Ok(())
}
