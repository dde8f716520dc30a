//! The one type that callers see, whichever backend is behind it.

use crate::bounds::{MAX_MESSAGE_BYTES, check, check_key, clamp_ttl};
use crate::bucket::Charge;
use crate::clock::Clock;
use crate::memory::Memory;
use crate::valkey::Valkey;
use crate::{Decision, Error, Lease, ManualClock, MemoryConfig, Subscription};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;

/// A store of things with a time to live; clones share it.
///
/// Every operation on one key is atomic. Values, counters, locks, buckets and channels are separate name spaces. Keys are
/// at most [`MAX_KEY_BYTES`](crate::MAX_KEY_BYTES) long; times to live are kept to the millisecond.
#[derive(Clone, Debug)]
pub struct Cache {
    backend: Backend,
    clock: Clock,
}

#[derive(Clone, Debug)]
enum Backend {
    Memory(Arc<Memory>),
    Valkey(Arc<Valkey>),
}

/// Sends an operation to the backend at hand.
macro_rules! dispatch {
    ($cache:expr, $backend:ident => $operation:expr) => {
        match &$cache.backend {
            Backend::Memory($backend) => $operation,
            Backend::Valkey($backend) => $operation,
        }
    };
}

impl Cache {
    /// A cache in the memory of this process.
    #[must_use]
    pub fn memory(config: MemoryConfig) -> Self {
        Self { backend: Backend::Memory(Arc::new(Memory::new(config))), clock: Clock::System }
    }

    /// A cache on the Valkey or Redis server (version 6.2 or later) at `url`, for example `redis://127.0.0.1:6379/0`, which
    /// all instances that use the same `prefix` share.
    ///
    /// Fails if the server cannot be reached now; a connection lost later is made again by itself.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, Error> {
        let valkey = Valkey::connect(url, prefix).await?;
        Ok(Self { backend: Backend::Valkey(Arc::new(valkey)), clock: Clock::System })
    }

    /// The same cache with rate limits on a clock that the caller turns: for tests.
    #[must_use]
    pub fn with_clock(self, clock: ManualClock) -> Self {
        Self { clock: Clock::Manual(clock), ..self }
    }

    /// The value stored under a key, if there is one whose time is not over.
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        check_key(key)?;
        dispatch!(self, backend => backend.get(key).await)
    }

    /// Stores a value, in place of any other. Values beyond [`MAX_VALUE_BYTES`](crate::MAX_VALUE_BYTES) are refused.
    pub async fn set(&self, key: &str, value: Bytes, ttl: Duration) -> Result<(), Error> {
        check_key(key)?;
        self.check_value(&value)?;
        dispatch!(self, backend => backend.set(key, value, clamp_ttl(ttl)).await)
    }

    /// Stores a value unless there is one; says whether it did. The heart of a replay cache.
    pub async fn set_if_absent(&self, key: &str, value: Bytes, ttl: Duration) -> Result<bool, Error> {
        check_key(key)?;
        self.check_value(&value)?;
        dispatch!(self, backend => backend.set_if_absent(key, value, clamp_ttl(ttl)).await)
    }

    /// Removes a value, if there is one.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.take(key).await.map(drop)
    }

    /// Removes a value and returns it: of several callers, one gets it. For codes that are good for one use.
    pub async fn take(&self, key: &str) -> Result<Option<Bytes>, Error> {
        check_key(key)?;
        dispatch!(self, backend => backend.take(key).await)
    }

    /// Adds to a counter and returns its new value. A counter starts at zero; its time to live runs from its first
    /// increment and is not prolonged by later ones, so that it counts within a window.
    pub async fn increment(&self, key: &str, by: i64, ttl: Duration) -> Result<i64, Error> {
        check_key(key)?;
        dispatch!(self, backend => backend.increment(key, by, clamp_ttl(ttl)).await)
    }

    /// Takes a lock for `ttl`, or returns `None` at once if somebody holds it.
    pub async fn try_lock(&self, key: &str, ttl: Duration) -> Result<Option<Lease>, Error> {
        check_key(key)?;
        let token = format!("{:032x}", rand::random::<u128>());
        let free = dispatch!(self, backend => backend.lock(key, &token, clamp_ttl(ttl)).await)?;
        Ok(free.then(|| Lease { cache: self.clone(), key: key.to_owned(), token }))
    }

    pub(crate) async fn renew_lock(&self, key: &str, token: &str, ttl: Duration) -> Result<bool, Error> {
        dispatch!(self, backend => backend.renew(key, token, clamp_ttl(ttl)).await)
    }

    pub(crate) async fn release_lock(&self, key: &str, token: &str) -> Result<bool, Error> {
        dispatch!(self, backend => backend.release(key, token).await)
    }

    /// Takes `cost` tokens from a bucket that holds `capacity`, starts full and gains `refill_per_second`.
    ///
    /// The time a token takes is rounded to whole microseconds; a rate of zero or less counts as one token a day. A bucket
    /// whose measures change keeps its debt, measured in time.
    pub async fn token_bucket(
        &self,
        key: &str,
        capacity: u32,
        refill_per_second: f64,
        cost: u32,
    ) -> Result<Decision, Error> {
        check_key(key)?;
        let charge = Charge::new(capacity, refill_per_second, cost);
        let balance = match &self.backend {
            Backend::Memory(memory) => memory.spend(key, charge, self.clock.local_micros()).await,
            Backend::Valkey(valkey) => valkey.spend(key, charge, self.clock.imposed_micros()).await?,
        };
        Ok(charge.decision(balance))
    }

    /// Sends a message to everybody who is subscribed to the channel now, in this process or, with Valkey, any other.
    /// At most once: a message wakes, it does not carry truth.
    pub async fn publish(&self, channel: &str, message: Bytes) -> Result<(), Error> {
        check_key(channel)?;
        check("message", &message, MAX_MESSAGE_BYTES)?;
        dispatch!(self, backend => backend.publish(channel, message).await)
    }

    /// The messages published on a channel from now on; with Valkey, one published just before may be among them.
    pub async fn subscribe(&self, channel: &str) -> Result<Subscription, Error> {
        check_key(channel)?;
        dispatch!(self, backend => backend.subscribe(channel).await)
    }

    fn check_value(&self, value: &Bytes) -> Result<(), Error> {
        check("value", value, dispatch!(self, backend => backend.max_value_bytes()))
    }
}
