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
    let collection = lexicon::tag_collection();
    let rkey = of_tag(registry, repository, tag).await?;
    let record =
        tag_record(&repository.owner, &repository.name, tag, digest, manifest.as_str(), &crate::now());
    registry.write(author, RepoWrite::Put { collection, rkey, record }).await
}

/// The key of the record: the one that the tag has now, whoever wrote it, and otherwise the first that no other pair has.
async fn of_tag(registry: &Registry, repository: &Repository, tag: &Tag) -> Result<RecordKey, Refusal> {
    let known = registry.index.tagged(repository, &Reference::Tag(tag.clone())).await?;
    if let Some(rkey) = known.last().and_then(|tagged| RecordKey::parse(&tagged.rkey).ok()) {
        return Ok(rkey);
    }
    let [first, second] = tag_rkeys(&repository.name, tag);
    let collection = lexicon::tag_collection();
    let there = registry.records.get(&repository.owner, &collection, &first).await?;
    let is_taken = there.and_then(|record| TagRecord::parse(&record.json)).is_some();
    Ok(if is_taken { second } else { first })
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
