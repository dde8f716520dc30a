//! Who may do what with a repository (spec/registry.md §2.2): as the hold says, and nobody but its owner changes it.

use atproto::Did;
use futures::future::{BoxFuture, FutureExt};
use hold::Hold;
use identity::Local;
use oci::Actions;
use repos::Directory;

use crate::Repository;
use crate::auth::{Cause, Policy};

/// Goes by the rights in a hold. Accounts that are at home here were made by whoever runs the server, so they are of the crew.
pub(crate) struct ByHold {
    pub(crate) hold: Hold,
    pub(crate) directory: Directory,
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
            let mut actions = Actions::NONE;
            if rights.may_read() || is_at_home {
                actions = actions | Actions::PULL;
            }
            if is_owner && (rights.may_write() || is_at_home) {
                actions = actions | Actions::PUSH | Actions::DELETE;
            }
            Ok(actions)
        }
        .boxed()
    }
}
