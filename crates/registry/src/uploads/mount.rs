//! Putting a blob of another repository into this one, which is to say that it is there, too: within one hold only.

use oci::{Actions, Digest, RepositoryName};

use super::start::created;
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::blobs::{lies_in, visible};
use crate::destination::Destination;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Where that cannot be, the client sends the blob: nothing of why is told.
pub(super) async fn mount(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    (name, repository): (&RepositoryName, &Repository),
    (digest, from): (&Digest, Option<&RepositoryName>),
    destination: &Destination,
) -> Result<Option<Answer>, Refusal> {
    let place = destination.place();
    let source = match from {
        Some(from) => match registry.owners.find(from).await {
            Ok(source) => Some(source),
            Err(_) => return Ok(None),
        },
        // It may be anywhere among one's own.
        None => None,
    };
    let size = match &source {
        Some(source) => {
            // What anybody may read needs no scope of its own.
            let allowed = registry.auth.allowed(presented, source).await?;
            let may_read = (allowed | registry.auth.may(None, source).await?).allow(Actions::PULL);
            if !may_read {
                return Ok(None);
            }
            match visible(registry, asked, source, digest).await? {
                Some(found) if found.place == place => Some(found.size),
                Some(_) => lies_in(registry, source, digest, &place).await?,
                None => None,
            }
        }
        None => registry.links.anywhere(&repository.owner, digest, &place).await?,
    };
    let Some(size) = size else { return Ok(None) };
    // Whoever is about to name it may rely on it.
    let is_there = match &destination.remote {
        None => registry.hold.blobs().touch(digest).await?,
        Some(hold) => {
            let owner = source.as_ref().map_or(&repository.owner, |source| &source.owner);
            // A hold that does not let them read it is sent it anew.
            registry.holds.has(hold, Some(&repository.owner), owner, digest).await.unwrap_or(false)
        }
    };
    if !is_there {
        return Ok(None);
    }
    registry.links.add(repository, digest, size, &place).await?;
    Ok(Some(created(name, digest)))
}
