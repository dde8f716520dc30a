//! Buckets in the cache that all instances share, with a substitute for its outages.

use std::time::Duration;

use cache::{Cache, Decision, MemoryConfig};

use super::bucket::Bucket;
use super::outage::Outage;
use super::telemetry;

/// How long a call waits to be counted.
const PATIENCE: Duration = Duration::from_millis(250);

/// The buckets of everybody.
///
/// While the shared cache does not answer, each instance counts in its own memory: calls go on, a flood is still held
/// back, and a limit is that many times what it was as there are instances. Nothing is carried over when it is back.
pub(super) struct Buckets {
    shared: Cache,
    substitute: Cache,
    outage: Outage,
}

impl Buckets {
    pub(super) fn new(shared: Cache) -> Self {
        Self { shared, substitute: Cache::memory(MemoryConfig::default()), outage: Outage::none() }
    }

    pub(super) async fn take(&self, bucket: &Bucket, cost: u32) -> Decision {
        if let Some(decision) = self.take_shared(bucket, cost).await {
            return decision;
        }
        metrics::counter!(telemetry::LIMITED_ALONE).increment(1);
        let taken = take(&self.substitute, bucket, cost).await;
        // Memory does not fail, and a call would not be refused for it if it did.
        taken.unwrap_or(Decision {
            allowed: true,
            remaining: bucket.limit.capacity,
            reset_after: Duration::ZERO,
            retry_after: None,
        })
    }

    async fn take_shared(&self, bucket: &Bucket, cost: u32) -> Option<Decision> {
        if !self.outage.may_ask() {
            return None;
        }
        match tokio::time::timeout(PATIENCE, take(&self.shared, bucket, cost)).await {
            Ok(Ok(decision)) => {
                self.outage.ended();
                Some(decision)
            }
            Ok(Err(error)) => {
                self.outage.goes_on(&error);
                None
            }
            Err(elapsed) => {
                self.outage.goes_on(&elapsed);
                None
            }
        }
    }
}

async fn take(cache: &Cache, bucket: &Bucket, cost: u32) -> Result<Decision, cache::Error> {
    cache.token_bucket(&bucket.key, bucket.limit.capacity, bucket.limit.refill_rate, cost).await
}
