//! A hold: the bytes of images, and who may put them there (spec/registry.md §4).
//!
//! - [`Hold::rights`] says what somebody may do: the captain, to whom it belongs, and the crew.
//! - [`Hold::blobs`] are the bytes, by their digest.
//! - [`Hold::keep`] and [`Hold::release`] say which image needs which of them. That is durable, and what the quota counts
//!   and garbage collection ([`Hold::collect`]) goes by; it depends on nothing that can be lost and built anew.
//! - [`Hold::stats`] counts pulls and pushes.

mod access;
mod captain;
mod clear;
mod collect;
mod crew;
mod error;
mod hold;
mod keep;
mod needed;
mod quota;
mod schema;
mod stats;
mod tiers;
mod usages;

pub use access::{Permission, Rights};
pub use captain::Captain;
pub use collect::{Collected, Sweep};
pub use crew::CrewMember;
pub use error::Error;
pub use hold::{Hold, HoldParts};
pub use keep::{Kept, Layer};
pub use quota::Usage;
pub use schema::SCHEMA;
pub use stats::Stats;
pub use tiers::{NoTiers, Tiers};
