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

/// Removes the records of tags.
pub(super) async fn remove(registry: &Registry, author: &Author, tags: Vec<Tagged>) -> Result<(), Refusal> {
    for Tagged { rkey, .. } in tags {
        let Ok(rkey) = RecordKey::parse(&rkey) else { continue };
        registry.write(author, RepoWrite::Delete { collection: lexicon::tag_collection(), rkey }).await?;
    }
    Ok(())
}
