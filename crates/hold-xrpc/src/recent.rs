//! Notifications that come again: whoever got no answer says it once more, and it counts once.

use std::time::Duration;

use atproto::Did;
use moka::sync::Cache;
use oci::Digest;

/// Who says the same again within this time means the same.
const SAME: Duration = Duration::from_mins(1);

/// Notifications that are remembered at most.
const MOST: u64 = 100_000;

/// Who says it, what of it, and whether it is a push.
type Key = (Did, Did, String, Digest, bool);

/// Those of the last minute.
pub(crate) struct Recent(Cache<Key, ()>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(SAME).build())
    }
}

impl Recent {
    /// Whether this was not said a moment ago.
    pub(crate) fn is_new(&self, key: Key) -> bool {
        self.0.entry(key).or_insert(()).is_fresh()
    }
}
