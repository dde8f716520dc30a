//! What the rest of the registry says when it is asked who may do what, and who lives here.

use atproto::Did;
use futures::future::BoxFuture;
use oci::Actions;

use super::Cause;
use crate::Repository;

/// Decides what somebody may do (spec/registry.md §2.2): implemented by whoever knows the hold.
pub trait Policy: Send + Sync + 'static {
    /// What `subject`, or anybody at all, may do with a repository, whether it exists or not. Never more than its owner may.
    fn allowed<'a>(
        &'a self,
        subject: Option<&'a Did>,
        repository: &'a Repository,
    ) -> BoxFuture<'a, Result<Actions, Cause>>;
}

/// Knows the accounts whose repositories this server hosts (spec/registry.md §2.3).
pub trait LocalAccounts: Send + Sync + 'static {
    /// The account with this handle or DID, if the password is its own, and the [version](Self::version) of that. Quick to say that
    /// there is none of that name: it is asked about everybody.
    fn check<'a>(
        &'a self,
        name: &'a str,
        password: &'a str,
    ) -> BoxFuture<'a, Result<Option<(Did, String)>, Cause>>;

    /// Which password of which account a DID has now: another text for another one, nothing if it has none.
    fn version<'a>(&'a self, did: &'a Did) -> BoxFuture<'a, Result<Option<String>, Cause>>;

    /// Whether an account is one of them: nobody else is asked about its passwords.
    fn has(&self, did: &Did) -> bool;
}
