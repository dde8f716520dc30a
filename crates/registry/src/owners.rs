//! Whose a repository is.

use atproto::{AtIdentifier, Did, Handle};
use identity::Resolver;
use oci::RepositoryName;

/// A repository by what never changes about it. However a client spells the owner, it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// Whose it is.
    pub owner: Did,
    /// What follows the owner in its name; it may have slashes.
    pub name: String,
}

/// Why a name leads to nobody.
#[derive(Debug, thiserror::Error)]
pub enum UnknownOwner {
    /// There is no such account, or the handle is not its own.
    #[error("nobody is called so")]
    Nobody,
    /// Whoever knows does not answer.
    #[error(transparent)]
    Unavailable(identity::Error),
}

/// Finds the owners of repositories. Cheap to clone.
#[derive(Clone)]
pub struct Owners {
    resolver: Resolver,
}

impl Owners {
    /// Asks this resolver, which remembers.
    #[must_use]
    pub fn new(resolver: Resolver) -> Self {
        Self { resolver }
    }

    /// The repository that a client calls so. A handle has to be claimed by the account that it leads to; of the two readings of
    /// `did-web-…` the DID comes first, if there is one (spec/registry.md §0.1).
    pub async fn find(&self, name: &RepositoryName) -> Result<Repository, UnknownOwner> {
        let owner = name.owner();
        let repository = |owner| Repository { owner, name: name.repository().to_owned() };
        let mut outcome = Err(UnknownOwner::Nobody);
        if let Some(did) = owner.did().and_then(|did| Did::parse(did).ok()) {
            outcome = self.account(&AtIdentifier::Did(did)).await;
        }
        if let (Err(UnknownOwner::Nobody), Some(handle)) = (&outcome, owner.handle())
            && let Ok(handle) = Handle::parse(handle)
        {
            outcome = self.account(&AtIdentifier::Handle(handle)).await;
        }
        outcome.map(repository)
    }

    /// How an owner is spelled in the name of a repository, where nobody has spelled it yet: as the handle, if they have one.
    pub(crate) async fn spelled(&self, owner: &Did) -> String {
        let found = self.resolver.verified(&AtIdentifier::Did(owner.clone())).await;
        match found.ok().and_then(|found| found.handle) {
            Some(handle) => handle.as_str().to_ascii_lowercase(),
            None => owner.as_str().replacen(':', "-", 2),
        }
    }

    async fn account(&self, name: &AtIdentifier) -> Result<Did, UnknownOwner> {
        match self.resolver.verified(name).await {
            // It leads to an account that does not call itself so.
            Ok(found) if matches!(name, AtIdentifier::Handle(handle) if found.handle.as_ref() != Some(handle)) => {
                Err(UnknownOwner::Nobody)
            }
            Ok(found) => Ok(found.identity.did.clone()),
            Err(error) if error.is_transient() => Err(UnknownOwner::Unavailable(error)),
            Err(_) => Err(UnknownOwner::Nobody),
        }
    }
}
