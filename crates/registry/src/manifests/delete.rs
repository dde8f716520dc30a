//! Removing a manifest with all its tags, or one tag.

use atproto::RecordKey;
use http::StatusCode;
use oci::{Digest, ErrorCode, Reference};
use records::RepoWrite;

use super::{find, tags};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::authors::Author;
use crate::lexicon;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn delete(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    repository: &Repository,
    reference: &Reference,
) -> Result<Answer, Refusal> {
    let author = registry.authors.of(repository, presented).await?;
    remove(registry, &author, asked, repository, reference).await?;
    Ok(Answer::new(StatusCode::ACCEPTED))
}

/// The same for whoever is known to be the owner.
pub(crate) async fn remove(
    registry: &Registry,
    author: &Author,
    asked: &Asked,
    repository: &Repository,
    reference: &Reference,
) -> Result<(), Refusal> {
    // A tag that is not known here would be left behind, and what is not known would be said not to exist.
    registry.load_to_list(asked, repository).await?;
    let _turn = registry.turns.of(&repository.owner).await?;
    let mut tagged = registry.index.tagged(repository, reference).await?;
    if faults::mutant!("registry-tag-leads-nowhere") && matches!(reference, Reference::Digest(_)) {
        tagged.clear();
    }
    let Reference::Digest(named) = reference else {
        if tagged.is_empty() {
            return Err(ErrorCode::ManifestUnknown.into());
        }
        return tags::remove(registry, author, tagged).await;
    };
    let unknown = || Refusal::from(ErrorCode::ManifestUnknown);
    let found = find(registry, asked, repository, reference).await?.ok_or_else(unknown)?;
    // The tags first: one that leads nowhere would be worse than a manifest without one.
    tags::remove(registry, author, tagged).await?;
    if found.digest != *named {
        let of_found = registry.index.tagged(repository, &Reference::Digest(found.digest)).await?;
        tags::remove(registry, author, of_found).await?;
    }
    records(registry, author, repository, &found.digest).await?;
    tags::sweep(registry, author, repository, &found.digest).await
}

/// Removes the records of a manifest. The hold is told last: what it keeps too long harms nobody.
pub(super) async fn records(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    digest: &Digest,
) -> Result<(), Refusal> {
    for rkey in registry.index.manifest_rkeys(repository, digest).await? {
        let Ok(rkey) = RecordKey::parse(&rkey) else { continue };
        let collection = lexicon::manifest_collection();
        registry.write(author, RepoWrite::Delete { collection, rkey }).await?;
    }
    if faults::mutant!("registry-deleted-manifest-kept") {
        return Ok(());
    }
    Ok(registry.hold.release(&repository.owner, &repository.name, digest).await?)
}
