//! Conversations that were granted a moment ago: ElevenLabs counts them once they have begun.

use std::collections::HashSet;
use std::time::Duration;

use cache::Cache;
use serde::{Deserialize, Serialize};

/// How long a ticket is good for.
const GOOD_FOR: Duration = Duration::from_mins(15);

#[derive(Deserialize, Serialize)]
struct Grant {
    conversation: String,
    /// In seconds since the epoch.
    at: i64,
}

/// Those of one account. Whoever reads them and writes them again has the account's turn.
pub(super) struct Granted {
    key: String,
    grants: Vec<Grant>,
}

impl Granted {
    /// What may still begin `now`, without what is counted already.
    pub(super) async fn read(
        cache: &Cache,
        account: &str,
        counted: &HashSet<String>,
        now: i64,
    ) -> Result<Self, cache::Error> {
        let key = format!("sync:voice:granted:{account}");
        let stored = cache.get(&key).await?;
        let mut grants: Vec<Grant> =
            stored.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        let since = now.saturating_sub(GOOD_FOR.as_secs().cast_signed());
        grants.retain(|grant| grant.at > since && !counted.contains(&grant.conversation));
        Ok(Self { key, grants })
    }

    pub(super) fn count(&self) -> i64 {
        i64::try_from(self.grants.len()).unwrap_or(i64::MAX)
    }

    pub(super) async fn add(
        mut self,
        cache: &Cache,
        conversation: String,
        now: i64,
    ) -> Result<(), cache::Error> {
        self.grants.push(Grant { conversation, at: now });
        let json = serde_json::to_vec(&self.grants).unwrap_or_default();
        cache.set(&self.key, json.into(), GOOD_FOR).await
    }
}
