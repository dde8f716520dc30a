//! The cache that instances share, for whom it is a help and not a need.

use std::time::Duration;

use bytes::Bytes;
use cache::{Cache, Decision, Lease, MemoryConfig};
use tracing::debug;

use crate::telemetry;

/// How long an operation may take; then things go on without it.
const PATIENCE: Duration = Duration::from_millis(250);

/// The cache that instances share. While it does not answer nothing is remembered, and purses are kept in memory: each
/// instance has its own then, but nobody has none.
#[derive(Clone)]
pub(crate) struct Shared {
    cache: Cache,
    purses: Cache,
}

/// What came of reaching for a lock.
pub(crate) enum Lock {
    /// It is ours.
    Taken(Lease),
    /// It is somebody else's.
    Busy,
    /// There are no locks at the moment.
    Absent,
}

impl Shared {
    pub(crate) fn new(cache: Cache) -> Self {
        Self { cache, purses: Cache::memory(MemoryConfig::default()) }
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Bytes> {
        patiently(self.cache.get(key)).await.flatten()
    }

    pub(crate) async fn set(&self, key: &str, value: impl Into<Bytes>, ttl: Duration) {
        patiently(self.cache.set(key, value.into(), ttl)).await;
    }

    pub(crate) async fn forget(&self, key: &str) {
        patiently(self.cache.delete(key)).await;
    }

    pub(crate) async fn lock(&self, key: &str, ttl: Duration) -> Lock {
        match patiently(self.cache.try_lock(key, ttl)).await {
            Some(Some(lease)) => Lock::Taken(lease),
            Some(None) => Lock::Busy,
            None => Lock::Absent,
        }
    }

    /// Takes tokens from a bucket that holds and gains so many per minute; whether they were there.
    pub(crate) async fn spend(&self, key: &str, per_minute: u32, cost: u32) -> bool {
        let refill = f64::from(per_minute) / 60.0;
        let decision = match patiently(self.cache.token_bucket(key, per_minute, refill, cost)).await {
            Some(decision) => Some(decision),
            None => patiently(self.purses.token_bucket(key, per_minute, refill, cost)).await,
        };
        decision.is_some_and(|Decision { allowed, .. }| allowed)
    }
}

/// `None` if it failed or took too long.
async fn patiently<T>(operation: impl Future<Output = Result<T, cache::Error>>) -> Option<T> {
    let failure = match tokio::time::timeout(PATIENCE, operation).await {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(error)) => error.to_string(),
        Err(elapsed) => elapsed.to_string(),
    };
    debug!(failure, "the shared cache is of no help");
    telemetry::cache_failed();
    None
}
