//! What is granted of what is asked for.

use atproto::Did;
use oci::{Actions, RepositoryName, Scope};

use super::claims::Grants;
use super::{Access, Auth, Error, LoginError};
use crate::{Repository, UnknownOwner};

/// Scopes of one token at most; a client needs two.
pub(super) const MAX_SCOPES: usize = 32;

impl Auth {
    /// What somebody, or anybody, gets of these scopes: what is asked for and allowed. Getting less, or nothing, is no error. A
    /// repository whose owner cannot be found now is left out, unless that goes for all of them.
    pub(super) async fn grants(&self, subject: Option<&Did>, scopes: &[Scope]) -> Result<Grants, LoginError> {
        let (mut grants, mut found, mut unavailable) = (Grants::default(), false, None);
        for scope in scopes {
            if scope.is_catalog() {
                grants.catalog = true;
            } else if let Some(name) = scope.repository_name() {
                match self.grant(subject, name, scope.actions, &mut grants).await {
                    Ok(()) => found = true,
                    Err(error @ LoginError::Unavailable(_)) => unavailable = Some(error),
                    Err(error) => return Err(error),
                }
            }
        }
        match unavailable {
            Some(error) if !found => Err(error),
            _ => Ok(grants),
        }
    }

    async fn grant(
        &self,
        subject: Option<&Did>,
        name: RepositoryName,
        asked: Actions,
        grants: &mut Grants,
    ) -> Result<(), LoginError> {
        let repository = match self.owners().find(&name).await {
            Ok(repository) => repository,
            Err(UnknownOwner::Nobody) => return Ok(()),
            Err(UnknownOwner::Unavailable(error)) => {
                return Err(LoginError::Unavailable(format!("cannot find the owner of {name}: {error}")));
            }
        };
        let actions = asked.granted(self.may(subject, &repository).await?);
        let same = grants.repositories.iter_mut().find(|(_, access)| access.repository == repository);
        match same {
            _ if actions.is_empty() => {}
            // Asked for twice, perhaps under two names, it is still one repository.
            Some((_, access)) => access.actions = access.actions | actions,
            None => grants.repositories.push((name, Access { repository, actions })),
        }
        Ok(())
    }

    /// What the policy allows, which never is to write to what is somebody else's.
    pub(crate) async fn may(&self, subject: Option<&Did>, repository: &Repository) -> Result<Actions, Error> {
        let allowed = self.policy().allowed(subject, repository).await.map_err(Error::Asked)?;
        if subject == Some(&repository.owner) || faults::mutant!("registry-stranger-pushes") {
            Ok(allowed)
        } else {
            Ok(allowed.granted(Actions::PULL))
        }
    }
}
