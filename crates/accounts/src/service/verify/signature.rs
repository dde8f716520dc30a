//! Whether a token was signed by its issuer.

use atproto::{
    crypto::PublicKey,
    service_auth::{ServiceAuthError, ServiceToken},
};
use identity::Identity;

use super::{Refusal, VerifyError, issuer};
use crate::service::Service;

impl Service {
    /// Checks the signature with the key of the issuer's document. If that fails, the key may have been replaced: the
    /// document is fetched anew, once, unless it has just been.
    pub(super) async fn check_signature(&self, token: &ServiceToken) -> Result<(), VerifyError> {
        let resolver = &self.parts.resolver;
        let known = resolver.resolve_did(&token.issuer).await.map_err(unresolved)?;
        let Err(refusal) = verify(token, &known) else {
            return Ok(());
        };
        let current = resolver.refresh(&token.issuer).await.map_err(unresolved)?;
        if key(token, &current) == key(token, &known) {
            return Err(refusal.into());
        }
        Ok(verify(token, &current)?)
    }
}

fn verify(token: &ServiceToken, issuer: &Identity) -> Result<(), Refusal> {
    let key = key(token, issuer).ok_or(Refusal::NoKey)?;
    if faults::mutant!("accounts-service-signature-not-checked") {
        return Ok(());
    }
    token.verify(key).map_err(|error: ServiceAuthError| error.into())
}

fn key<'a>(token: &ServiceToken, issuer: &'a Identity) -> Option<&'a PublicKey> {
    issuer.document.key(issuer::key_name(token))
}

fn unresolved(error: identity::Error) -> VerifyError {
    if error.is_transient() { VerifyError::unavailable(error) } else { Refusal::Unresolved.into() }
}
