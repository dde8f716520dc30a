//! Believing a token that is meant for a service with rules of its own on this server, such as a hold (spec/registry.md §4.3).

use ::time::OffsetDateTime;
use atproto::{
    Did, Nsid,
    service_auth::{Expect, ServiceAuthError, ServiceToken},
};

use super::{Refusal, VerifyError, issuer};
use crate::service::Service;

/// What a token must be meant for.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'a> {
    /// The DID of the service.
    pub audience: &'a Did,
    /// What the service is called in the document of its DID; a token may say it or not.
    pub fragment: &'a str,
    /// The method that is called; a token may be bound to it or to none.
    pub method: &'a Nsid,
}

impl Service {
    /// Believes a token of an account, as often as it is shown until it has expired: clients of such a service keep theirs. Whom the
    /// service admits is for itself to say, and whether anybody may speak for somebody else (`subject`).
    pub async fn believe(&self, token: &str, meant: Meant<'_>) -> Result<ServiceToken, VerifyError> {
        let token = ServiceToken::parse(token)?;
        let lxm = token.lxm.is_some().then_some(meant.method);
        let now = OffsetDateTime::now_utc().unix_timestamp();
        token.check(&Expect { audience: meant.audience, lxm, now })?;
        if token.audience_fragment.as_deref().is_some_and(|fragment| fragment != meant.fragment) {
            return Err(ServiceAuthError::Audience.into());
        }
        // A lesser key of an account must not stand for the account.
        if issuer::principal(&token) != token.issuer.as_str() {
            return Err(Refusal::NoKey.into());
        }
        self.check_signature(&token).await?;
        Ok(token)
    }
}
