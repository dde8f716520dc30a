//! Who may do what with a repository (spec/registry.md §2.2): as the hold says, and nobody but its owner changes it.
//!
//! A repository may have images in several holds. What opens it opens no hold: our own is asked again when bytes are read or sent, and
//! others are asked anyway.

use atproto::Did;
use futures::future::{BoxFuture, FutureExt};
use hold::Hold;
use identity::Local;
use oci::Actions;
use readthrough::Asker;
use repos::Directory;

use crate::Repository;
use crate::auth::{Cause, Policy};
use crate::index::Index;
use crate::place::Place;
use crate::profile::Profiles;
use crate::refusal::Refusal;

/// Goes by the rights in a hold. Accounts that are at home here were made by whoever runs the server, so they are of the crew.
pub(crate) struct ByHold {
    pub(crate) hold: Hold,
    pub(crate) directory: Directory,
    pub(crate) index: Index,
    pub(crate) profiles: Profiles,
}

impl Policy for ByHold {
    fn allowed<'a>(
        &'a self,
        subject: Option<&'a Did>,
        repository: &'a Repository,
    ) -> BoxFuture<'a, Result<Actions, Cause>> {
        async move {
            let rights = self.hold.rights(subject).await?;
            let is_owner = subject == Some(&repository.owner);
            let is_at_home = subject.is_some_and(|subject| self.directory.by_did(subject).is_some());
            let (mut may_pull, mut may_push) =
                (rights.may_read() || is_at_home, is_owner && (rights.may_write() || is_at_home));
            // Nobody is asked where our own hold decides it.
            if !may_pull || (is_owner && !may_push) {
                // While nobody can say, its owner finds out what the matter is when they push.
                let elsewhere = is_elsewhere(&self.index, &self.profiles, self.hold.did(), repository).await;
                let is_elsewhere = elsewhere.unwrap_or(is_owner);
                (may_pull, may_push) = (may_pull || is_elsewhere, may_push || (is_owner && is_elsewhere));
            }
            let mut actions = Actions::NONE;
            if may_pull {
                actions = actions | Actions::PULL;
            }
            if may_push {
                actions = actions | Actions::PUSH | Actions::DELETE;
            }
            Ok(actions)
        }
        .boxed()
    }
}

/// Whether a repository has images in somebody else's hold, or will have.
async fn is_elsewhere(
    index: &Index,
    profiles: &Profiles,
    own: &Did,
    repository: &Repository,
) -> Result<bool, Refusal> {
    let holds = index.holds(repository).await?;
    if holds.into_iter().any(|hold| Place::named(hold, own) != Place::Here) {
        return Ok(true);
    }
    let profile = profiles.of(&repository.owner, Asker::Local).await?;
    Ok(Place::named(profile.default_hold, own) != Place::Here)
}
