//! The repositories of those who push, where their records and manifests are (spec/registry.md §0).
//!
//! Whoever has a PDS has them there, and is written for with the session that they logged in with. Whoever is at home here has them here.

mod author;
mod blob;
mod error;
mod record;
mod service_token;

use accounts::PdsSessions;
use accounts::pds::PdsError;
use atproto::{Cid, Did};
use bytes::Bytes;
use identity::{Local, Resolver};
use outbound::Outbound;
use repos::{Directory, Home, Repos};

pub(crate) use author::Author;
pub(crate) use error::AuthorError;
pub(crate) use record::Current;

use crate::Repository;
use crate::auth::{PdsPasswords, Presented};
use crate::refusal::Refusal;

/// Finds them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Authors {
    pub(crate) repos: Repos,
    pub(crate) directory: Directory,
    pub(crate) sessions: PdsSessions,
    pub(crate) passwords: PdsPasswords,
    pub(crate) resolver: Resolver,
    pub(crate) outbound: Outbound,
}

impl Authors {
    /// Whether an owner is at home here.
    pub(crate) fn is_hosted(&self, owner: &Did) -> bool {
        self.directory.by_did(owner).is_some()
    }

    /// The repository of an owner, for whoever has just shown that they are the owner.
    pub(crate) async fn of(&self, repository: &Repository, presented: &Presented) -> Result<Author, Refusal> {
        let owner = &repository.owner;
        if presented.subject() != Some(owner) {
            return Err(AuthorError::NotTheOwner.into());
        }
        Ok(self.find(owner).await.map_err(|error| match error {
            AuthorError::Session(PdsError::NoSession | PdsError::Ended) if presented.is_by_password() => {
                AuthorError::Over
            }
            error => error,
        })?)
    }

    /// The repository of an account, for whoever is signed in as it.
    pub(crate) async fn of_account(&self, owner: &Did) -> Result<Author, Refusal> {
        Ok(self.find(owner).await?)
    }

    async fn find(&self, owner: &Did) -> Result<Author, AuthorError> {
        if self.is_hosted(owner) {
            return Ok(Author::Hosted(self.repos.clone(), Home::new(&self.repos, owner.clone())));
        }
        if let Some(session) = self.passwords.session(owner).await.map_err(AuthorError::Auth)? {
            return Ok(Author::Password(session));
        }
        Ok(Author::Session(self.sessions.of_account(owner).await.map_err(AuthorError::Session)?))
    }

    /// A blob of an owner who is at home here.
    pub(crate) async fn hosted_blob(&self, owner: &Did, cid: Option<Cid>) -> Result<Option<Bytes>, Refusal> {
        let Some(cid) = cid.filter(|_| self.is_hosted(owner)) else { return Ok(None) };
        let blob = self.repos.blob(owner, &cid).await.map_err(AuthorError::Hosted)?;
        Ok(blob.map(|blob| blob.bytes))
    }
}
