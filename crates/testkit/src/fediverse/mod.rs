//! Many other servers of the fediverse: whom somebody here is followed from, what they were told, and whether that is what they should
//! have been.

#![expect(clippy::unwrap_used, reason = "a fixture fails by panicking")]

mod arrivals;
mod inboxes;
mod tables;

pub use arrivals::{Arrivals, UnderWay};
pub use inboxes::{AFTER_A_LEASE, Arrival, Inboxes};
pub use tables::{LEASE, fill, left, under_way};
