//! Whether a blob is in a repository.

use oci::Digest;

use crate::Repository;
use crate::asked::Asked;
use crate::load::{Loaded, unknowable};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// The size of a blob, if it is in the repository: it was sent there or mounted, or one of the manifests names it. Of a repository
/// that is not known here its owner's records are read first.
pub(crate) async fn visible(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<u64>, Refusal> {
    if let Some(size) = registry.links.size(repository, digest).await? {
        return Ok(Some(size));
    }
    let part = registry.index.part(repository, digest).await?;
    let part = match part {
        Some(part) => Some(part),
        None => match registry.load(asked, repository).await? {
            Loaded::Nothing => None,
            loaded => match registry.index.part(repository, digest).await? {
                None if loaded == Loaded::Unknown => return Err(unknowable()),
                part => part,
            },
        },
    };
    Ok(part.filter(|part| !part.is_manifest).map(|part| part.size))
}
