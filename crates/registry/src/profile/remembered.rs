//! Profiles that were read a moment ago: a push of an image asks for its owner's with every layer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use atproto::Did;
use moka::sync::Cache;

use crate::lexicon::Profile;

/// How long one may be remembered at most: another instance may have changed it.
const KEPT: Duration = Duration::from_secs(3);

/// Owners who push within that time, at most.
const MOST: u64 = 10_000;

/// Forgets everything with every change of the index in this process. Cheap to clone.
#[derive(Clone)]
pub(super) struct Remembered(Cache<Did, Arc<Known>>);

struct Known {
    /// The last change of the index before it was read.
    committed: i64,
    at: Instant,
    profile: Profile,
}

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT).build())
    }
}

impl Remembered {
    /// What was read of an owner, unless something has changed since.
    pub(super) fn get(&self, owner: &Did, committed: i64, now: Instant) -> Option<Profile> {
        let known = self.0.get(owner)?;
        let is_fresh = known.committed == committed && now.saturating_duration_since(known.at) < KEPT;
        is_fresh.then(|| known.profile.clone())
    }

    /// Remembers what was read since this change and this moment.
    pub(super) fn keep(&self, owner: &Did, committed: i64, at: Instant, profile: &Profile) {
        self.0.insert(owner.clone(), Arc::new(Known { committed, at, profile: profile.clone() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_changed_is_forgotten() {
        let [alice, bob] = ["did:web:alice.test", "did:web:bob.test"].map(|did| Did::parse(did).unwrap());
        let profile = Profile { auto_remove_untagged: true, ..Profile::default() };
        let (remembered, now) = (Remembered::default(), Instant::now());
        let almost = Duration::from_millis(2_999);
        remembered.keep(&alice, 7, now, &profile);
        assert_eq!(remembered.get(&alice, 7, now + almost), Some(profile.clone()));
        assert_eq!(remembered.get(&bob, 7, now), None);
        // Something was written, here or perhaps elsewhere.
        assert_eq!(remembered.get(&alice, 8, now), None);
        assert_eq!(remembered.get(&alice, 7, now + KEPT), None);
        remembered.keep(&alice, 8, now, &Profile::default());
        assert_eq!(remembered.get(&alice, 8, now), Some(Profile::default()));
        assert_eq!(remembered.get(&alice, 7, now), None);
    }
}
