//! Keys verified moments ago, so that a busy client does not cost a query per request.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use server::Caller;

use crate::api_keys::KeyHash;

/// How long a change made by another instance may go unnoticed.
const TIME_TO_LIVE: Duration = Duration::from_secs(2);

/// Only keys that verified are kept, so strangers cannot fill it.
const MAX_ENTRIES: usize = 1024;

/// Verified keys with an age limit. A change made through this instance empties it at once.
#[derive(Default)]
pub(crate) struct VerifiedKeys {
    /// Counts the changes. An entry is only good in the generation in which its query began: a query that raced with a
    /// change must not bring the old rights back.
    generation: AtomicU64,
    entries: RwLock<HashMap<KeyHash, Entry>>,
}

struct Entry {
    caller: Caller,
    generation: u64,
    expires: Instant,
}

/// Proof of when a query began.
#[derive(Clone, Copy)]
pub(crate) struct Generation(u64);

impl VerifiedKeys {
    pub(crate) fn get(&self, hash: &KeyHash) -> Option<Caller> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(hash)?;
        let current = entry.generation == self.generation.load(Ordering::Acquire);
        (current && Instant::now() < entry.expires).then(|| entry.caller.clone())
    }

    /// Call before the query whose result will be kept.
    pub(crate) fn begin(&self) -> Generation {
        Generation(self.generation.load(Ordering::Acquire))
    }

    pub(crate) fn keep(&self, hash: KeyHash, caller: Caller, began: Generation) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(hash, Entry { caller, generation: began.0, expires: Instant::now() + TIME_TO_LIVE });
    }

    /// Call after the commit of every change to users, permissions or keys.
    pub(crate) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use server::{PermissionSet, Principal};

    use super::*;

    fn caller() -> Caller {
        let principal = Principal::ApiKey { key_id: "k".into(), user_id: "u".into(), did: None };
        Caller { principal, permissions: PermissionSet::default() }
    }

    #[test]
    fn a_change_forgets_what_was_kept_and_what_was_being_looked_up() {
        let keys = VerifiedKeys::default();
        let hash = KeyHash::of("hv_1");
        keys.keep(hash, caller(), keys.begin());
        assert_eq!(keys.get(&hash), Some(caller()));
        assert_eq!(keys.get(&KeyHash::of("hv_2")), None);
        let began = keys.begin();
        keys.forget();
        assert_eq!(keys.get(&hash), None);
        keys.keep(hash, caller(), began);
        assert_eq!(keys.get(&hash), None, "looked up before the change");
        keys.keep(hash, caller(), keys.begin());
        assert_eq!(keys.get(&hash), Some(caller()));
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let keys = VerifiedKeys::default();
        for n in 0..3000 {
            keys.keep(KeyHash::of(&n.to_string()), caller(), keys.begin());
        }
        assert!(keys.entries.read().unwrap().len() <= MAX_ENTRIES);
    }
}
