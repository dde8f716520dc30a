//! The ephemeral tier: entries with a time to live, counters, locks, rate limits and publish/subscribe.
//!
//! One [`Cache`] stands in front of two backends that behave alike: the memory of this process, and a Valkey (or Redis)
//! server that any number of instances share. What is kept here may vanish at any moment, by eviction or by a restart, so
//! nothing lives here that cannot be asked for again.
//!
//! ```
//! # async fn example() -> Result<(), cache::Error> {
//! use cache::{Cache, MemoryConfig};
//! use std::time::Duration;
//!
//! let cache = Cache::memory(MemoryConfig::default());
//! cache.set("oauth:state:9f2c", "did:plc:abc".into(), Duration::from_secs(600)).await?;
//! assert_eq!(cache.take("oauth:state:9f2c").await?.as_deref(), Some(&b"did:plc:abc"[..]));
//! assert_eq!(cache.take("oauth:state:9f2c").await?, None, "a code is good for one use");
//! # Ok(())
//! # }
//! ```

mod bounds;
mod bucket;
mod cache;
mod channels;
mod clock;
mod error;
mod lease;
mod memory;
mod valkey;

pub use bounds::{MAX_KEY_BYTES, MAX_MESSAGE_BYTES, MAX_VALUE_BYTES};
pub use bucket::Decision;
pub use cache::Cache;
pub use channels::{Event, Subscription};
pub use clock::ManualClock;
pub use error::Error;
pub use lease::Lease;
pub use memory::MemoryConfig;
