//! Removing all that is in a repository, some at a time.

use oci::{Digest, Reference, Tag};

use super::remove;
use crate::Repository;
use crate::asked::Asked;
use crate::authors::Author;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Manifests that one request removes; each is a few writes at the owner's host.
const MOST: u32 = 100;

/// What came of it.
pub(crate) struct Cleared {
    /// Manifests that are gone.
    pub(crate) removed: usize,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// Removes manifests with their tags, and when there are none, tags that led nowhere.
pub(crate) async fn clear(
    registry: &Registry,
    author: &Author,
    asked: &Asked,
    repository: &Repository,
) -> Result<Cleared, Refusal> {
    let digests = registry.index.digests(repository, MOST + 1).await?;
    let more = digests.len() > MOST as usize;
    let mut removed = 0;
    for digest in digests.iter().take(MOST as usize).filter_map(|digest| Digest::parse(digest).ok()) {
        remove(registry, author, asked, repository, &Reference::Digest(digest)).await?;
        removed += 1;
    }
    if more {
        return Ok(Cleared { removed, more });
    }
    let left = registry.index.tags(repository, None, MOST as usize).await?;
    for tag in left.names.iter().filter_map(|tag| Tag::parse(tag).ok()) {
        remove(registry, author, asked, repository, &Reference::Tag(tag)).await?;
    }
    Ok(Cleared { removed, more: left.more })
}
