//! What passes: told to whoever listens now, kept nowhere (spec/sync.md §4.3).

use serde::Serialize;
use serde_json::value::to_raw_value;
use tracing::warn;

use super::Relay;
use crate::updates::Audience;

impl Relay {
    /// Tells an account's sockets of something that passes.
    pub(crate) fn mention(&self, account: &str, audience: &Audience, body: &impl Serialize) {
        let Some(feed) = self.hub().find(account) else { return };
        match to_raw_value(body) {
            Ok(body) => feed.mention(audience, &body),
            Err(error) => warn!(%error, "an ephemeral cannot be encoded"),
        }
    }
}
