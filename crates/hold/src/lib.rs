//! A hold: the bytes of images, and who may put them there (spec/registry.md §4).
//!
//! - [`Hold::rights`] says what somebody may do: the captain, to whom it belongs, and the crew.
//! - [`Hold::blobs`] are the bytes, by their digest.
//! - [`Hold::keep`] and [`Hold::release`] say which image needs which of them. That is durable, and what the quota counts
//!   and garbage collection ([`Hold::collect`]) goes by; it depends on nothing that can be lost and built anew.
//! - [`Hold::begin_run`] and what follows say who collects garbage, and what came of it.
//! - [`Hold::stats`] counts pulls and pushes.
//! - [`Hold::begin_parts`] and what follows take blobs in parts.
//! - [`Hold::unpublished`] is what others are to be told; telling them is not for this crate.

mod access;
mod captain;
mod clear;
mod collect;
mod crew;
mod error;
mod gone;
mod hand_over;
mod held;
mod hold;
mod keep;
mod keys;
mod needed;
mod parts;
mod quota;
mod recount;
mod runs;
mod schema;
mod stats;
mod taken_over;
mod tiers;
mod unpublished;
mod usages;

pub use access::{Permission, Rights};
pub use captain::Captain;
pub use clear::Cleared;
pub use collect::{Collected, Sweep};
pub use crew::CrewMember;
pub use error::Error;
pub use hold::{Hold, HoldParts};
pub use keep::{Kept, Layer};
pub use keys::{Collection, crew_key, stats_key};
pub use parts::{NamedPart, PartsError};
pub use quota::Usage;
pub use recount::Recount;
pub use runs::{Begun, Run, Standing, TERM};
pub use schema::SCHEMA;
pub use stats::Stats;
pub use tiers::{NoTiers, Tiers, UnknownTier};
pub use unpublished::{Counts, Gone, HeldLayer, Unpublished, Version};
pub use usages::Total;
