//! Whether a blob is in a repository, and in which hold.

use oci::Digest;

use crate::Repository;
use crate::asked::Asked;
use crate::links::Linked;
use crate::load::{Loaded, unknowable};
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// A blob, if it is in the repository: it was sent there or mounted, or one of the manifests names it. Of a repository that is not
/// known here its owner's records are read first.
pub(crate) async fn visible(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<Linked>, Refusal> {
    if let Some(linked) = registry.links.find(repository, digest).await? {
        return Ok(Some(linked));
    }
    if let Some(named) = named(registry, repository, digest).await? {
        return Ok(Some(named));
    }
    match registry.load(asked, repository).await? {
        Loaded::Nothing => Ok(None),
        loaded => match named(registry, repository, digest).await? {
            None if loaded == Loaded::Unknown => Err(unknowable()),
            named => Ok(named),
        },
    }
}

/// As the manifests of the repository name it. What our own hold keeps for its owner is there, whatever that hold was called when the
/// manifest was written.
async fn named(
    registry: &Registry,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<Linked>, Refusal> {
    let named = registry.holds_of(repository, digest).await?;
    let mut all = named.into_iter().map(|(size, hold)| Linked { size, place: registry.place(hold) });
    let Some(mut found) = all.next() else { return Ok(None) };
    let is_here = found.place == Place::Here
        || all.any(|other| other.place == Place::Here)
        || registry.hold.needs(digest, Some(&repository.owner)).await?;
    if is_here {
        found.place = Place::Here;
    }
    Ok(Some(found))
}

/// Whether a blob of the repository is in this very hold, whichever others it is in as well.
pub(crate) async fn lies_in(
    registry: &Registry,
    repository: &Repository,
    digest: &Digest,
    place: &Place,
) -> Result<Option<u64>, Refusal> {
    let linked = registry.links.find(repository, digest).await?;
    if let Some(linked) = linked.filter(|linked| linked.place == *place) {
        return Ok(Some(linked.size));
    }
    let named = registry.holds_of(repository, digest).await?;
    let found = named.into_iter().find(|(_, hold)| registry.place(hold.clone()) == *place);
    Ok(found.map(|(size, _)| size))
}
