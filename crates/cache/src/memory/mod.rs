//! The backend in the memory of this process.

mod buckets;
mod timed_map;

use self::buckets::Buckets;
use self::timed_map::{Change, TimedMap};
use crate::bounds::MAX_VALUE_BYTES;
use crate::bucket::{Balance, Charge};
use crate::channels::{Channels, Event};
use crate::{Error, Subscription};
use bytes::Bytes;
use std::time::Duration;

/// The measures of a [memory cache](crate::Cache::memory).
#[derive(Clone, Copy, Debug)]
pub struct MemoryConfig {
    /// Bytes for keys, values and bookkeeping, roughly. When they are used up, what has not been used for longest goes
    /// first (metric `cache_evicted_total`). Three sixteenths are set aside for locks, counters and buckets, so that no
    /// flood of values pushes them out.
    pub max_bytes: u64,
}

impl Default for MemoryConfig {
    /// 64 MiB.
    fn default() -> Self {
        Self { max_bytes: 64 << 20 }
    }
}

pub(crate) struct Memory {
    max_value_bytes: usize,
    values: TimedMap<Bytes>,
    /// The token of the holder.
    locks: TimedMap<String>,
    counters: TimedMap<i64>,
    buckets: Buckets,
    channels: Channels,
}

/// The methods are named and documented as those of [`Cache`](crate::Cache), which has checked the arguments.
impl Memory {
    pub(crate) fn new(config: MemoryConfig) -> Self {
        let share = config.max_bytes / 16;
        Self {
            max_value_bytes: usize::try_from(config.max_bytes / 4).unwrap_or(usize::MAX).min(MAX_VALUE_BYTES),
            values: TimedMap::new("value", config.max_bytes - 3 * share, Bytes::len),
            locks: TimedMap::new("lock", share, String::len),
            counters: TimedMap::new("counter", share, |_| size_of::<i64>()),
            buckets: Buckets::new(share),
            channels: Channels::default(),
        }
    }

    pub(crate) fn max_value_bytes(&self) -> usize {
        self.max_value_bytes
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        Ok(self.values.get(key).await)
    }

    pub(crate) async fn set(&self, key: &str, value: Bytes, ttl: Duration) -> Result<(), Error> {
        self.values.update(key, |_| Change::Put(value, ttl)).await;
        Ok(())
    }

    pub(crate) async fn set_if_absent(&self, key: &str, value: Bytes, ttl: Duration) -> Result<bool, Error> {
        Ok(put_if_absent(&self.values, key, value, ttl).await)
    }

    pub(crate) async fn take(&self, key: &str) -> Result<Option<Bytes>, Error> {
        let mut taken = None;
        self.values
            .update(key, |value| {
                taken = value;
                if faults::mutant!("cache-taken-twice") { Change::Keep } else { Change::Remove }
            })
            .await;
        Ok(taken)
    }

    pub(crate) async fn increment(&self, key: &str, by: i64, ttl: Duration) -> Result<i64, Error> {
        let mut sum = None;
        self.counters
            .update(key, |count| {
                sum = count.unwrap_or(0).checked_add(by);
                match sum {
                    None => Change::Keep,
                    Some(sum) if count.is_some() => Change::Replace(sum),
                    Some(sum) => Change::Put(sum, ttl),
                }
            })
            .await;
        sum.ok_or_else(|| Error::Overflow { key: key.to_owned() })
    }

    pub(crate) async fn lock(&self, key: &str, token: &str, ttl: Duration) -> Result<bool, Error> {
        Ok(put_if_absent(&self.locks, key, token.to_owned(), ttl).await)
    }

    pub(crate) async fn renew(&self, key: &str, token: &str, ttl: Duration) -> Result<bool, Error> {
        Ok(self.change_lock(key, token, |holder| Change::Put(holder, ttl)).await)
    }

    pub(crate) async fn release(&self, key: &str, token: &str) -> Result<bool, Error> {
        Ok(self.change_lock(key, token, |_| Change::Remove).await)
    }

    async fn change_lock(
        &self,
        key: &str,
        token: &str,
        change: impl FnOnce(String) -> Change<String>,
    ) -> bool {
        let mut held = false;
        self.locks
            .update(key, |holder| match holder {
                Some(holder) if holder == token || faults::mutant!("cache-lock-freed-by-anybody") => {
                    held = true;
                    change(holder)
                }
                _ => Change::Keep,
            })
            .await;
        held
    }

    pub(crate) async fn spend(&self, key: &str, charge: Charge, now: u64) -> Balance {
        self.buckets.spend(key, charge, now).await
    }

    #[expect(clippy::unused_async, reason = "both backends are called the same way")]
    pub(crate) async fn publish(&self, channel: &str, message: Bytes) -> Result<(), Error> {
        self.channels.send(channel, Event::Message(message));
        Ok(())
    }

    #[expect(clippy::unused_async, reason = "both backends are called the same way")]
    pub(crate) async fn subscribe(&self, channel: &str) -> Result<Subscription, Error> {
        Ok(self.channels.subscribe(channel))
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").field("max_value_bytes", &self.max_value_bytes).finish_non_exhaustive()
    }
}

async fn put_if_absent<V: Clone + Send + Sync + 'static>(
    map: &TimedMap<V>,
    key: &str,
    value: V,
    ttl: Duration,
) -> bool {
    let mut absent = false;
    map.update(key, |current| {
        absent = current.is_none();
        if absent { Change::Put(value, ttl) } else { Change::Keep }
    })
    .await;
    absent
}
