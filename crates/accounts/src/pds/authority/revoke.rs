//! Giving tokens back (RFC 7009).

use atproto::jose::PrivateJwk;
use tracing::debug;

use super::Authorities;
use crate::pds::PdsError;

impl Authorities {
    /// Ends a session at its authorization server. Nothing depends on it here: a server that does not answer loses
    /// track of the session by itself some day.
    pub(in crate::pds) async fn revoke(&self, issuer: &str, client_id: &str, key: &PrivateJwk, token: &str) {
        if let Err(error) = self.try_revoke(issuer, client_id, key, token).await {
            debug!(%error, issuer, "a session could not be revoked at its authorization server");
        }
    }

    async fn try_revoke(
        &self,
        issuer: &str,
        client_id: &str,
        key: &PrivateJwk,
        token: &str,
    ) -> Result<(), PdsError> {
        let server = self.with_issuer(issuer).await?;
        if let Some(endpoint) = &server.revocation_endpoint {
            self.post(endpoint, key, &[("token", token), ("client_id", client_id)]).await?;
        }
        Ok(())
    }
}
