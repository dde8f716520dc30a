//! What passes: told to whoever listens now, kept nowhere (spec/sync.md §4.3).

use serde::Serialize;
use serde_json::value::to_raw_value;
use tracing::warn;

use super::Relay;
use crate::updates::Audience;

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

    /// Whether a person looks at one of the account's apps.
    pub(crate) fn is_watched(&self, account: &str) -> bool {
        let Some(feed) = self.hub().find(account) else { return false };
        feed.listeners().iter().any(|listener| listener.is_watched())
    }
}
