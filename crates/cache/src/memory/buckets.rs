//! Token buckets: one number each, changed without a lock.
//!
//! Every request that is limited comes by here, so this costs what a look-up costs. The number is shared by whoever has
//! looked it up; a bucket that is dropped in between is spent from once more than it should be, and nobody is the worse.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;

use super::timed_map::{ENTRY_OVERHEAD, count_eviction};
use crate::bounds::clamp_ttl;
use crate::bucket::{Balance, Charge};

/// All buckets, by key. When there is no room, those that nobody has drawn from for longest go first.
pub(super) struct Buckets {
    buckets: Cache<String, Bucket>,
}

#[derive(Clone)]
struct Bucket {
    /// When it is full, in microseconds on the local clock.
    full_at: Arc<AtomicU64>,
    /// How long it takes to fill it: a bucket that is left alone that long is the same as none.
    lifetime: Duration,
}

impl Buckets {
    pub(super) fn new(max_bytes: u64) -> Self {
        let buckets = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|key: &String, _: &Bucket| {
                u32::try_from(ENTRY_OVERHEAD + key.len() + size_of::<Bucket>()).unwrap_or(u32::MAX)
            })
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(|_, _, cause| {
                if cause == RemovalCause::Size {
                    count_eviction("bucket");
                }
            })
            .expire_after(SinceUse)
            .build();
        Self { buckets }
    }

    /// Spends at the time `now`.
    pub(super) async fn spend(&self, key: &str, charge: Charge, now: u64) -> Balance {
        let bucket = self.bucket(key, clamp_ttl(Duration::from_micros(charge.capacity))).await;
        let mut full_at = bucket.full_at.load(Ordering::Relaxed);
        loop {
            let balance = charge.spend(full_at, now);
            if !balance.allowed {
                return balance;
            }
            let after = now.saturating_add(balance.debt);
            let order = Ordering::Relaxed;
            match bucket.full_at.compare_exchange_weak(full_at, after, order, order) {
                Ok(_) => return balance,
                Err(meanwhile) => full_at = meanwhile,
            }
        }
    }

    async fn bucket(&self, key: &str, lifetime: Duration) -> Bucket {
        let made = async { Bucket { full_at: Arc::default(), lifetime } };
        let bucket = self.buckets.get_with_by_ref(key, made).await;
        if bucket.lifetime >= lifetime {
            return bucket;
        }
        // It holds more than it did when it was made.
        let longer = Bucket { lifetime, ..bucket };
        self.buckets.insert(key.to_owned(), longer.clone()).await;
        longer
    }
}

struct SinceUse;

impl Expiry<String, Bucket> for SinceUse {
    fn expire_after_create(&self, _: &String, bucket: &Bucket, _: Instant) -> Option<Duration> {
        Some(bucket.lifetime)
    }

    fn expire_after_read(
        &self,
        _: &String,
        bucket: &Bucket,
        _: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        Some(bucket.lifetime)
    }

    fn expire_after_update(
        &self,
        _: &String,
        bucket: &Bucket,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(bucket.lifetime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bucket_that_nobody_draws_from_is_gone_when_it_is_full() {
        let buckets = Buckets::new(1 << 20);
        let charge = Charge::new(2, 20.0, 1);
        buckets.spend("a", charge, 0).await;
        buckets.spend("a", charge, 0).await;
        assert!(!buckets.spend("a", charge, 0).await.allowed);
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert!(!buckets.buckets.contains_key("a"));
    }

    #[tokio::test]
    async fn a_bucket_that_is_enlarged_keeps_its_debt() {
        let buckets = Buckets::new(1 << 20);
        buckets.spend("a", Charge::new(2, 1.0, 2), 0).await;
        let enlarged = Charge::new(5, 1.0, 1);
        assert_eq!(buckets.spend("a", enlarged, 0).await, Balance { allowed: true, debt: 3_000_000 });
    }

    #[tokio::test]
    async fn memory_is_bounded_and_who_is_active_stays() {
        let buckets = Buckets::new(20_000);
        let charge = Charge::new(1000, 0.001, 1);
        for other in 0..1000 {
            buckets.spend("active", charge, 0).await;
            buckets.spend(&format!("other {other}"), charge, 0).await;
            buckets.buckets.run_pending_tasks().await;
        }
        assert!(buckets.buckets.entry_count() <= 110, "{}", buckets.buckets.entry_count());
        assert!(!buckets.spend("active", charge, 0).await.allowed, "it was drawn from a thousand times");
    }
}
