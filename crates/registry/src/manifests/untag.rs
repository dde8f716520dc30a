//! Manifests that have lost their last tag, where their owner wants those to go (`autoRemoveUntagged`, spec/registry.md §1.6).

use oci::{Digest, Reference};

use super::delete;
use crate::Repository;
use crate::authors::Author;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Removes those of `moved` that nothing leads to any more: no tag, no index. What refers to another manifest stays, and so does what
/// another refers to.
pub(super) async fn remove(
    registry: &Registry,
    author: &Author,
    repository: &Repository,
    moved: Vec<Digest>,
) -> Result<(), Refusal> {
    for digest in moved {
        if !is_needed(registry, repository, &digest).await? {
            delete::records(registry, author, repository, &digest).await?;
        }
    }
    Ok(())
}

async fn is_needed(registry: &Registry, repository: &Repository, digest: &Digest) -> Result<bool, Refusal> {
    let index = &registry.index;
    if !index.tagged(repository, &Reference::Digest(*digest)).await?.is_empty() {
        return Ok(true);
    }
    let is_child = registry.part(repository, digest).await?.is_some_and(|part| part.is_manifest);
    Ok(is_child || index.refers(repository, digest).await?)
}
