//! A set of tokens, and how it is sealed.

use atproto::oauth::TokenResponse;
use time::Duration;

use crate::{
    Error, Vault,
    clock::{micros, now_micros},
    vault::Purpose,
};

/// What a sealed token is bound to besides its row, so that one does not open in place of the other.
pub(super) const ACCESS: &str = "/access";
pub(super) const REFRESH: &str = "/refresh";

/// What an authorization server handed out, in the clear.
#[derive(Clone)]
pub(in crate::pds) struct Tokens {
    pub(in crate::pds) access_token: String,
    pub(in crate::pds) refresh_token: Option<String>,
    /// Microseconds; of the access token, if known.
    pub(in crate::pds) expires_at: Option<i64>,
    /// What was granted, separated by spaces.
    pub(in crate::pds) scopes: String,
}

/// The same as it goes into the row.
pub(super) struct SealedTokens {
    pub(super) access_token: Vec<u8>,
    pub(super) refresh_token: Option<Vec<u8>>,
}

impl Tokens {
    /// The tokens of an answer that has just come.
    pub(in crate::pds) fn of(answer: TokenResponse) -> Self {
        let lifetime = answer.expires_in.map(|seconds| {
            // Nobody means more than a year.
            Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX).min(365 * 24 * 3600))
        });
        Self {
            access_token: answer.access_token,
            refresh_token: answer.refresh_token,
            expires_at: lifetime.map(|lifetime| now_micros().saturating_add(micros(lifetime))),
            scopes: answer.scope,
        }
    }

    pub(super) fn seal(&self, vault: &Vault, row_id: &str) -> Result<SealedTokens, Error> {
        let seal = |part: &str, token: &str| {
            vault.seal(Purpose::PDS_TOKENS, &format!("{row_id}{part}"), token.as_bytes())
        };
        Ok(SealedTokens {
            access_token: seal(ACCESS, &self.access_token)?,
            refresh_token: self.refresh_token.as_deref().map(|token| seal(REFRESH, token)).transpose()?,
        })
    }
}
