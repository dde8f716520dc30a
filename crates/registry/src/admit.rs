//! Whether whoever asks may.

use atproto::Did;
use http::header::WWW_AUTHENTICATE;
use oci::{Actions, Challenge, ErrorCode, Scope, TokenProblem};

use crate::Repository;
use crate::auth::Presented;
use crate::refusal::Refusal;
use crate::registry::Registry;

impl Registry {
    /// Refuses whoever may not do `needed`: with a challenge, as long as another token could help. Whoever has said who they are with this
    /// very request, and may not, is denied.
    pub(crate) async fn admit(
        &self,
        presented: &Presented,
        repository: &Repository,
        needed: Actions,
        scopes: &[Scope],
    ) -> Result<(), Refusal> {
        if self.auth.allowed(presented, repository).await?.allow(needed) {
            return Ok(());
        }
        match presented {
            Presented::Nobody => Err(self.challenge(scopes, None)),
            Presented::Token(_) => Err(self.challenge(scopes, Some(TokenProblem::InsufficientScope))),
            Presented::Refused(problem) => Err(self.challenge(scopes, Some(*problem))),
            Presented::Login(login) => Err(self.denied(&login.did, repository).await),
        }
    }

    /// 401: what it takes.
    pub(crate) fn challenge(&self, scopes: &[Scope], problem: Option<TokenProblem>) -> Refusal {
        let config = self.auth.config();
        let challenge = Challenge { realm: &config.realm(), service: &config.service, scopes, problem };
        Refusal::from(ErrorCode::Unauthorized).with_header(WWW_AUTHENTICATE, &challenge.to_string())
    }

    /// What is refused behind the door because the session of whoever asks is over says what it takes, as at the door.
    pub(crate) fn challenged(&self, refusal: Refusal, scopes: &[Scope]) -> Refusal {
        if !refusal.is_unauthorized() {
            return refusal;
        }
        let config = self.auth.config();
        let problem = Some(TokenProblem::Invalid);
        let challenge = Challenge { realm: &config.realm(), service: &config.service, scopes, problem };
        refusal.with_header(WWW_AUTHENTICATE, &challenge.to_string())
    }

    /// 403: in words that say whose repository it is.
    async fn denied(&self, subject: &Did, repository: &Repository) -> Refusal {
        let owner = self.owners.spelled(&repository.owner).await;
        let message = format!("you are {subject} and may not do that in {owner}/{}", repository.name);
        oci::Error::new(ErrorCode::Denied, message).into()
    }
}
