//! `Idempotency-Key`: what a client sends twice is done once.

use std::time::Duration;

use bytes::Bytes;
use cache::Cache;
use http::{HeaderMap, StatusCode};
use server::Problem;
use social::Id;

use crate::oauth::hashed;
use crate::refusal::Refusal;

/// How long a key stands for what was done with it.
const GOOD_FOR: Duration = Duration::from_hours(1);

/// How long the first one may take.
const TURN: Duration = Duration::from_mins(1);

/// One request of those that may come again.
pub(super) struct Once {
    cache: Cache,
    key: Option<String>,
}

/// What came of the same request before.
pub(super) enum Before {
    /// It is the first.
    Nothing,
    /// This status.
    Done(Id),
}

impl Once {
    /// Keys of others mean something else.
    pub(super) fn new(cache: &Cache, headers: &HeaderMap, me: Id) -> Self {
        let key = headers.get("idempotency-key").filter(|key| !key.is_empty());
        let key = key.map(|key| {
            let key = String::from_utf8_lossy(key.as_bytes());
            format!("mastodon:once:{}", hashed(&format!("{me} {key}")))
        });
        Self { cache: cache.clone(), key }
    }

    /// Takes the turn. While the first is under way, the next is told to come again.
    pub(super) async fn begin(&self) -> Result<Before, Problem> {
        let Some(key) = &self.key else { return Ok(Before::Nothing) };
        let turn = self.cache.set_if_absent(key, Bytes::new(), TURN).await.map_err(Refusal::from)?;
        if turn {
            return Ok(Before::Nothing);
        }
        let kept = self.cache.get(key).await.map_err(Refusal::from)?.unwrap_or_default();
        let done = std::str::from_utf8(&kept).ok().and_then(|id| id.parse().ok());
        done.map(Before::Done).ok_or_else(|| {
            Problem::new(StatusCode::CONFLICT, "The same request is under way. Try again soon.")
        })
    }

    pub(super) async fn done(self, id: Id) {
        if let Some(key) = &self.key {
            // Without it the same request would be done again: as if it had no key.
            _ = self.cache.set(key, Bytes::from(id.to_string()), GOOD_FOR).await;
        }
    }

    /// It came to nothing; another try may do better.
    pub(super) async fn failed(self) {
        if let Some(key) = &self.key {
            _ = self.cache.delete(key).await;
        }
    }
}
