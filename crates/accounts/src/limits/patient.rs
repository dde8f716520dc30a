//! Drawing from buckets in the cache that all instances share, with a substitute for its outages.

use std::time::Duration;

use cache::{Cache, Decision, MemoryConfig};

use super::outage::Outage;
use super::telemetry;

/// How long a call waits to be counted.
const PATIENCE: Duration = Duration::from_millis(250);

/// What goes on when the shared cache does not.
///
/// While it does not answer, each instance counts in its own memory: calls go on, a flood is still held back, and a limit is that many
/// times what it was as there are instances. Nothing is carried over when it is back.
pub(super) struct Patient {
    substitute: Cache,
    outage: Outage,
}

impl Patient {
    pub(super) fn new() -> Self {
        Self { substitute: Cache::memory(MemoryConfig::default()), outage: Outage::none() }
    }

    /// Takes `cost` tokens from a bucket that holds `capacity` and gains `refill` a second.
    pub(super) async fn take(
        &self,
        shared: &Cache,
        key: &str,
        (capacity, refill): (u32, f64),
        cost: u32,
    ) -> Decision {
        if let Some(decision) = self.take_shared(shared, key, (capacity, refill), cost).await {
            return decision;
        }
        metrics::counter!(telemetry::LIMITED_ALONE).increment(1);
        let taken = self.substitute.token_bucket(key, capacity, refill, cost).await;
        // Memory does not fail, and a call would not be refused for it if it did.
        taken.unwrap_or(Decision {
            allowed: true,
            remaining: capacity,
            reset_after: Duration::ZERO,
            retry_after: None,
        })
    }

    async fn take_shared(
        &self,
        shared: &Cache,
        key: &str,
        (capacity, refill): (u32, f64),
        cost: u32,
    ) -> Option<Decision> {
        if !self.outage.may_ask() {
            return None;
        }
        match tokio::time::timeout(PATIENCE, shared.token_bucket(key, capacity, refill, cost)).await {
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
