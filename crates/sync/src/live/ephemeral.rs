//! What passes: told to whoever listens now, kept nowhere (spec/sync.md §4.3).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cache::Cache;
use serde::Serialize;
use serde_json::value::to_raw_value;
use tokio::time::timeout;
use tracing::{debug, warn};

use super::Relay;
use crate::updates::Audience;

/// How long it is known that somebody looks at an app, if nobody says so again.
const WATCHED: Duration = Duration::from_mins(1);

/// How often it is said again.
pub(super) const WATCHED_AGAIN: Duration = Duration::from_secs(20);

/// How long to wait for what other instances know (spec/sync.md §2.9).
const PATIENCE: Duration = Duration::from_secs(2);

impl Relay {
    /// Tells an account's sockets of something that passes.
    pub(crate) fn mention(&self, account: &str, audience: &Audience, body: &impl Serialize) {
        let feed = self.hub().find(account);
        if feed.is_none() && self.bus().is_none() {
            return;
        }
        match to_raw_value(body) {
            Ok(body) => {
                if let Some(feed) = feed {
                    feed.mention(audience, &body);
                }
                self.say_mention(account, audience, body);
            }
            Err(error) => warn!(%error, "an ephemeral cannot be encoded"),
        }
    }

    /// Whether a person looks at one of the account's apps, on whichever instance. If that cannot be found out soon, nobody does.
    pub(crate) async fn is_watched(&self, cache: &Cache, account: &str) -> bool {
        if self.is_watched_here(account) {
            return true;
        }
        if self.bus().is_none() {
            return false;
        }
        let known = timeout(PATIENCE, cache.get(&key(account))).await;
        matches!(known, Ok(Ok(Some(_))))
    }

    fn is_watched_here(&self, account: &str) -> bool {
        let Some(feed) = self.hub().find(account) else { return false };
        feed.listeners().iter().any(|listener| listener.is_watched())
    }

    /// Tells other instances, if there can be any, whether a person looks at one of the account's apps here. If somebody does at
    /// another one, that one says so again.
    pub(crate) fn say_watched(&self, cache: &Cache, account: &Arc<str>) {
        if self.bus().is_none() {
            return;
        }
        let (relay, cache, account) = (self.clone(), cache.clone(), account.clone());
        tokio::spawn(async move {
            let said = if relay.is_watched_here(&account) {
                cache.set(&key(&account), Bytes::from_static(b"1"), WATCHED).await
            } else {
                cache.delete(&key(&account)).await
            };
            if let Err(error) = said {
                debug!(%error, "other instances do not know who looks");
            }
        });
    }

    /// The same of everybody who is watched here.
    pub(super) fn say_watched_again(&self, cache: &Cache) {
        for feed in self.hub().all() {
            if feed.listeners().iter().any(|listener| listener.is_watched()) {
                self.say_watched(cache, &feed.account);
            }
        }
    }
}

fn key(account: &str) -> String {
    format!("sync:watched:{account}")
}
