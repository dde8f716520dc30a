//! A bounded map whose entries each have their own time to live.

use moka::Expiry;
use moka::future::Cache;
use moka::notification::RemovalCause;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use std::future::ready;
use std::time::{Duration, Instant};

/// What an entry costs beside its key and value: the map's own bookkeeping, measured roughly.
pub(super) const ENTRY_OVERHEAD: usize = 160;

/// Counts an entry that went to make room.
pub(super) fn count_eviction(kind: &'static str) {
    metrics::counter!("cache_evicted_total", "kind" => kind).increment(1);
}

/// How one entry is to change.
pub(super) enum Change<V> {
    Keep,
    /// A new value for a new time.
    Put(V, Duration),
    /// A new value for what is left of the time.
    Replace(V),
    Remove,
}

#[derive(Clone)]
struct Entry<V> {
    value: V,
    /// `None` keeps the deadline of the entry before.
    lifetime: Option<Duration>,
}

/// When it is full, the entries that have not been used for longest go first: unlike an admission policy by
/// popularity, that never drops what was stored a moment ago.
pub(super) struct TimedMap<V> {
    entries: Cache<String, Entry<V>>,
}

impl<V: Clone + Send + Sync + 'static> TimedMap<V> {
    /// `kind` names the map in the metric `cache_evicted_total`; `size` is that of a value in bytes.
    pub(super) fn new(kind: &'static str, max_bytes: u64, size: fn(&V) -> usize) -> Self {
        let entries = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(move |key: &String, entry: &Entry<V>| {
                u32::try_from(ENTRY_OVERHEAD + key.len() + size(&entry.value)).unwrap_or(u32::MAX)
            })
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    count_eviction(kind);
                }
            })
            .expire_after(ByLifetime)
            .build();
        Self { entries }
    }

    pub(super) async fn get(&self, key: &str) -> Option<V> {
        self.entries.get(key).await.map(|entry| entry.value)
    }

    /// Changes one entry; changes of the same key run one after the other. The closure sees the live value, if any.
    pub(super) async fn update(&self, key: &str, change: impl FnOnce(Option<V>) -> Change<V>) {
        let compute = |current: Option<moka::Entry<String, Entry<V>>>| {
            ready(match change(current.map(|entry| entry.into_value().value)) {
                Change::Keep => Op::Nop,
                Change::Put(value, lifetime) => Op::Put(Entry { value, lifetime: Some(lifetime) }),
                Change::Replace(value) => Op::Put(Entry { value, lifetime: None }),
                Change::Remove => Op::Remove,
            })
        };
        self.entries.entry_by_ref(key).and_compute_with(compute).await;
    }
}

struct ByLifetime;

impl<V> Expiry<String, Entry<V>> for ByLifetime {
    fn expire_after_create(&self, _: &String, entry: &Entry<V>, _: Instant) -> Option<Duration> {
        entry.lifetime
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry<V>,
        _: Instant,
        until_expiry: Option<Duration>,
    ) -> Option<Duration> {
        entry.lifetime.or(until_expiry)
    }
}
