//! Tokens of this registry: made, and believed (spec/registry.md §2.2).
//!
//! A token is verified without the database: its signature once, and then it is remembered by its hash for as long as it
//! lasts. Only what was revoked meanwhile is looked at each time, in memory.

use std::sync::Arc;
use std::time::Duration;

use accounts::Vault;
use aws_lc_rs::digest::{SHA256, digest};
use moka::sync::Cache;
use oci::TokenProblem;
use store::Database;
use tokio_util::sync::CancellationToken;

use super::claims::{Claims, Grants};
use super::key::{Kind, SigningKey};
use super::revoked::Revoked;
use super::{Error, Login, Token};

/// How far clocks of instances may be apart, in seconds.
const LEEWAY: i64 = 30;

/// Tokens remembered at once; each takes about a kilobyte.
const MAX_REMEMBERED: u64 = 20_000;

/// Makes and verifies tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    shared: Arc<Shared>,
}

struct Shared {
    key: SigningKey,
    /// The name of this registry: who issues tokens, and whom they are for.
    service: String,
    /// How long a token lasts, in seconds.
    life: i64,
    /// By hash, so that memory holds nothing that grants access.
    verified: Cache<[u8; 32], Arc<Token>>,
    revoked: Revoked,
}

impl Tokens {
    /// Tokens of the registry `service`, which last for `life`. The key is in the database, and made if it is not there yet.
    pub async fn open(state: &Database, vault: &Vault, service: &str, life: Duration) -> Result<Self, Error> {
        let key = SigningKey::open(state, vault).await?;
        Ok(Self::of(key, Revoked::open(state.clone()).await?, service, life))
    }

    fn of(key: SigningKey, revoked: Revoked, service: &str, life: Duration) -> Self {
        let remembered = life + Duration::from_secs(2 * LEEWAY.unsigned_abs());
        let verified = Cache::builder().time_to_live(remembered).max_capacity(MAX_REMEMBERED).build();
        let life = i64::try_from(life.as_secs()).unwrap_or(i64::MAX / 2);
        Self { shared: Arc::new(Shared { key, service: service.to_owned(), life, verified, revoked }) }
    }

    /// The name of this registry.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.shared.service
    }

    /// How long a token lasts, in seconds.
    #[must_use]
    pub fn life(&self) -> i64 {
        self.shared.life
    }

    /// A token for somebody, or for anybody.
    pub(super) fn mint(&self, login: Option<&Login>, grants: &Grants, now: i64) -> Result<String, Error> {
        let claims = Claims::of(login, grants, self.service(), now, self.life());
        self.signed(Kind::Access, &claims)
    }

    pub(super) fn signed(&self, kind: Kind, claims: &impl serde::Serialize) -> Result<String, Error> {
        let claims = serde_json::to_vec(claims).map_err(|error| Error::Asked(error.into()))?;
        Ok(self.shared.key.sign(kind, &claims))
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.shared.key
    }

    pub(super) fn revoked(&self) -> &Revoked {
        &self.shared.revoked
    }

    /// What a token says, if it is one of this registry's and good now. Asks nobody.
    pub fn verify(&self, token: &str) -> Result<Arc<Token>, TokenProblem> {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let now = now_seconds();
        let token = match self.shared.verified.get(&hash) {
            Some(token) => token,
            None => {
                let token = Arc::new(self.read(token, now).ok_or(TokenProblem::Invalid)?);
                self.shared.verified.insert(hash, token.clone());
                token
            }
        };
        let is_revoked = token.device.as_ref().is_some_and(|device| self.shared.revoked.contains(device));
        if is_revoked || token.expires_at + LEEWAY <= now {
            return Err(TokenProblem::Invalid);
        }
        Ok(token)
    }

    fn read(&self, token: &str, now: i64) -> Option<Token> {
        let claims = self.shared.key.open_token(Kind::Access, token)?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let is_ours = claims.iss == self.shared.service && claims.aud == self.shared.service;
        let is_ours = is_ours || faults::mutant!("registry-token-of-another-service");
        let is_now = claims.nbf <= now + LEEWAY && now < claims.exp.checked_add(LEEWAY)?;
        let is_now = is_now || faults::mutant!("registry-token-after-its-end");
        if is_ours && is_now { claims.token() } else { None }
    }

    /// Learns of devices that other instances revoke, until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        self.shared.revoked.clone().run(stop).await;
    }
}

/// Now, in seconds since 1970.
pub(super) fn now_seconds() -> i64 {
    clock::now_micros() / 1_000_000
}

#[cfg(test)]
mod tests;
