//! Answers of moments ago, so that a busy client does not cost a query per request.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long a change made by another instance may go unnoticed.
const TIME_TO_LIVE: Duration = Duration::from_secs(2);

const MAX_ENTRIES: usize = 1024;

/// Counts the changes to whatever the answers depend on. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes(Arc<AtomicU64>);

impl Changes {
    /// Call after the commit of every change.
    pub(crate) fn note(&self) {
        self.0.fetch_add(u64::from(!faults::mutant!("accounts-cache-not-invalidated")), Ordering::AcqRel);
    }

    fn generation(&self) -> Generation {
        Generation(self.0.load(Ordering::Acquire))
    }
}

/// Answers with an age limit; a change made through this instance outdates all of them at once.
pub(crate) struct Recent<K, V> {
    changes: Changes,
    entries: RwLock<HashMap<K, Entry<V>>>,
}

struct Entry<V> {
    answer: V,
    generation: Generation,
    expires: Instant,
}

/// Proof of when a query began. An answer is only good in the generation in which its query began: one that raced with
/// a change must not bring the old state back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    pub(crate) fn new(changes: Changes) -> Self {
        Self { changes, entries: RwLock::default() }
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(key)?;
        let current = entry.generation == self.changes.generation();
        (current && Instant::now() < entry.expires).then(|| entry.answer.clone())
    }

    /// Call before the query whose answer will be kept.
    pub(crate) fn begin(&self) -> Generation {
        self.changes.generation()
    }

    pub(crate) fn keep(&self, key: K, answer: V, began: Generation) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(key, Entry { answer, generation: began, expires: Instant::now() + TIME_TO_LIVE });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_forgets_what_was_kept_and_what_was_being_looked_up() {
        let changes = Changes::default();
        let recent = Recent::new(changes.clone());
        recent.keep("a", 1, recent.begin());
        assert_eq!(recent.get(&"a"), Some(1));
        assert_eq!(recent.get(&"b"), None);
        let began = recent.begin();
        changes.note();
        assert_eq!(recent.get(&"a"), None);
        recent.keep("a", 1, began);
        assert_eq!(recent.get(&"a"), None, "looked up before the change");
        recent.keep("a", 2, recent.begin());
        assert_eq!(recent.get(&"a"), Some(2));
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let recent = Recent::new(Changes::default());
        for n in 0..3000 {
            recent.keep(n, n, recent.begin());
        }
        assert!(recent.entries.read().unwrap().len() <= MAX_ENTRIES);
    }
}
