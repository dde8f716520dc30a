//! Whose token is this? Asked of the PDS of whoever it is said to be.

use atproto::{Did, jose::PrivateJwk};
use http::{HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use serde::Deserialize;
use url::Url;

use super::PdsSessions;
use crate::pds::{PdsError, authority::error_code, proof};

const MAX_BYTES: usize = 64 << 10;

/// Where the owner of a token is at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOwner {
    /// The PDS that took the token: the one that the account's DID document names.
    pub pds: Url,
    /// The authorization server of that PDS.
    pub issuer: String,
}

#[derive(Deserialize)]
struct GetSession {
    did: Did,
}

impl PdsSessions {
    /// Checks that `did` is whom an access token was issued for, by using it at the PDS that the DID document names;
    /// what whoever presents the token says of its origin does not count. [`PdsError::BadRequest`] if it is not.
    pub async fn verify_token(
        &self,
        did: &Did,
        access_token: &str,
        key: &PrivateJwk,
    ) -> Result<TokenOwner, PdsError> {
        let identity = self.shared.resolver.resolve_did(did).await?;
        let pds = identity.pds.clone().ok_or_else(|| PdsError::NoPds(did.clone()))?;
        let mut answer = self.get_session(&pds, access_token, key).await?;
        let code = error_code(answer.status, &answer.headers, &answer.body);
        if self.shared.nonces.learn(&pds, &answer.headers) && code.as_deref() == Some("use_dpop_nonce") {
            answer = self.get_session(&pds, access_token, key).await?;
        }
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(answer.success().map_or_else(PdsError::from, |_| PdsError::Busy));
        }
        let session = (answer.status == StatusCode::OK).then(|| answer.json::<GetSession>().ok()).flatten();
        if session.is_none_or(|session| session.did != *did && !faults::mutant!("accounts-token-of-another"))
        {
            return Err(PdsError::bad_request(
                "the access token is not one that its PDS takes for this account",
            ));
        }
        let issuer = self.shared.authorities.of_pds(&pds).await?.issuer;
        Ok(TokenOwner { pds, issuer })
    }

    async fn get_session(
        &self,
        pds: &Url,
        access_token: &str,
        key: &PrivateJwk,
    ) -> Result<outbound::Response, PdsError> {
        let mut url = pds.clone();
        url.set_path("/xrpc/com.atproto.server.getSession");
        let nonce = self.shared.nonces.of(&url);
        let proof = proof::header(key, &Method::GET, &url, nonce.as_deref(), Some(access_token))?;
        let mut authorization = HeaderValue::try_from(format!("DPoP {access_token}"))
            .map_err(|_| PdsError::bad_request("an access token consists of visible ASCII characters"))?;
        authorization.set_sensitive(true);
        let request = self.shared.outbound.get(&url).header(AUTHORIZATION, authorization);
        let request = request.header(proof::DPOP, proof).redirects(outbound::Redirects::None);
        Ok(request.max_bytes(MAX_BYTES).send().await?)
    }
}
