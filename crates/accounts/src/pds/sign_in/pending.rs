//! A sign-in under way.

use std::time::Duration;

use atproto::{Did, jose::PrivateJwk};
use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::SignIn;
use crate::{Error, pds::PdsError, secret_hash::SecretHash, vault::Purpose};

/// How long somebody may take to sign in at their PDS.
pub(super) const LIFETIME: Duration = Duration::from_mins(10);

/// What must be known when the browser comes back.
#[derive(Serialize, Deserialize)]
pub(super) struct Pending {
    /// Who wants to sign in.
    pub(super) did: Did,
    /// An origin.
    pub(super) pds: String,
    /// An origin.
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// The PKCE verifier.
    pub(super) verifier: String,
    /// The scalar of the DPoP key.
    pub(super) key: [u8; 32],
    /// The address of our pages.
    pub(super) base: String,
    /// Where to send the browser in the end.
    pub(super) destination: String,
    /// The key of the API client through which they sign in.
    pub(super) client_key: Option<String>,
    /// The hash of the ticket that the browser got; none if it cannot have kept one.
    pub(super) ticket: Option<String>,
    /// Whether they sign in on the pages of an app that serves whoever has an account.
    #[serde(default)]
    pub(super) is_guest: bool,
}

impl Pending {
    pub(super) fn key(&self) -> Result<PrivateJwk, PdsError> {
        Ok(PrivateJwk::from_scalar(&self.key).map_err(|_| Error::Sealing)?)
    }
}

impl SignIn {
    /// Remembers a sign-in under its `state`.
    pub(super) async fn remember(&self, state: &str, pending: &Pending) -> Result<(), PdsError> {
        let json = serde_json::to_vec(pending).map_err(|_| Error::Sealing)?;
        let sealed = self.parts.vault.seal(Purpose::DPOP_KEYS, state, &json)?;
        Ok(self.parts.cache.set(&cache_key(state), sealed.into(), LIFETIME).await?)
    }

    /// The sign-in that began with this `state`: the first time it is asked for, and never again.
    pub(super) async fn recall(&self, state: &str) -> Result<Option<Pending>, PdsError> {
        let Some(sealed) = self.parts.cache.take(&cache_key(state)).await? else { return Ok(None) };
        let json = self.parts.vault.unseal(Purpose::DPOP_KEYS, state, &sealed)?;
        Ok(Some(serde_json::from_slice(&json).map_err(|_| Error::Sealing)?))
    }
}

/// Whoever can read the cache must not be able to complete a sign-in.
fn cache_key(state: &str) -> String {
    format!("sign-in:{}", SecretHash::of(state).to_hex())
}

/// 32 bytes that nobody can guess.
pub(super) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Error::Randomness)?;
    Ok(bytes)
}

/// The same as text.
pub(super) fn random_text() -> Result<String, Error> {
    Ok(BASE64URL_NOPAD.encode(&random()?))
}
