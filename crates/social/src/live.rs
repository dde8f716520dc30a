//! What has just happened, for whoever looks on.
//!
//! Nothing here is truth: who misses something reads the tables again.

use bytes::Bytes;
use cache::{Cache, Event};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tracing::debug;

/// The channel of all instances.
const CHANNEL: &str = "social:live";

/// Told after the commit. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live(Cache);

/// What happened. Ids only: each reader looks whether they may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each field is the id of what it is named after")]
pub enum Told {
    /// Somebody wrote a thought, or one came from elsewhere.
    Thought { id: i64, user_id: i64 },
    /// A thought was changed.
    Edited { id: i64, user_id: i64 },
    /// A thought is gone. Its readers cannot look it up any more.
    Deleted { id: i64, user_id: i64 },
    /// Somebody boosted a thought. The id of the boost.
    Boosted { id: i64, user_id: i64, thought_id: i64 },
    /// Somebody here has a new notification.
    Notified { id: i64, user_id: i64 },
    /// Somebody follows or blocks others than before, or their tokens have ended: who looks on for them looks anew.
    Changed { user_id: i64 },
}

impl Live {
    /// Through the cache that all instances share.
    #[must_use]
    pub fn new(cache: Cache) -> Self {
        Self(cache)
    }

    /// Tells all instances, this one included, if that can be done.
    pub async fn tell(&self, told: &Told) {
        let Ok(message) = serde_json::to_vec(told) else { return };
        if let Err(error) = self.0.publish(CHANNEL, message.into()).await {
            debug!(%error, "lookers-on cannot be told");
        }
    }

    /// What happens from now on; `None` stands for what was missed.
    pub async fn listen(&self) -> Result<impl Stream<Item = Option<Told>> + use<>, cache::Error> {
        let told = self.0.subscribe(CHANNEL).await?;
        Ok(told.map(|event| match event {
            Event::Message(message) => read(&message),
            Event::Lagged => None,
        }))
    }
}

fn read(message: &Bytes) -> Option<Told> {
    serde_json::from_slice(message).ok()
}
