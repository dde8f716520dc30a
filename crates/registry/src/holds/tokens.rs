//! Tokens by which a hold knows in whose name it is asked (spec/registry.md §4.3). They are in memory only.

use std::time::{Duration, Instant};

use atproto::Did;
use http::HeaderValue;
use moka::Expiry;
use moka::sync::Cache;

use super::Holds;
use crate::authors::AuthorError;

/// How long a token is asked for.
const LIFE: Duration = Duration::from_mins(5);

/// How much of its life a token must have left to be used.
const AHEAD: Duration = Duration::from_secs(10);

/// Tokens that are remembered, at most.
const MOST: u64 = 10_000;

type Key = (Did, Did, &'static str);

/// A token and how long it may be used.
#[derive(Clone)]
struct Kept {
    header: HeaderValue,
    usable: Duration,
}

/// Those that are good still.
pub(super) struct Tokens(Cache<Key, Kept>);

struct Usable;

impl Expiry<Key, Kept> for Usable {
    fn expire_after_create(&self, _: &Key, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.usable)
    }
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST).expire_after(Usable).build())
    }
}

impl Holds {
    /// What to show a hold when one of its methods is called in somebody's name.
    pub(super) async fn token(
        &self,
        user: &Did,
        hold: &Did,
        lxm: &'static str,
    ) -> Result<HeaderValue, AuthorError> {
        let key = (user.clone(), hold.clone(), lxm);
        if let Some(kept) = self.tokens.0.get(&key) {
            return Ok(kept.header);
        }
        let (token, left) = self.authors.service_token(user, hold, lxm, LIFE).await?;
        let mut header =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| AuthorError::NoToken)?;
        header.set_sensitive(true);
        let usable = left.saturating_sub(AHEAD);
        if !usable.is_zero() {
            self.tokens.0.insert(key, Kept { header: header.clone(), usable });
        }
        Ok(header)
    }

    /// Forgets a token that a hold did not take.
    pub(super) fn refuse_token(&self, user: &Did, hold: &Did, lxm: &'static str) {
        self.tokens.0.invalidate(&(user.clone(), hold.clone(), lxm));
    }
}
