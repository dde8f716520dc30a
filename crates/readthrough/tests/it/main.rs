//! Holes in the index, in front of a simulated network, on both engines and with both caches.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod accounts;
mod budgets;
mod hosts;
mod instances;
mod lists;
mod live;
mod memory;
mod misses;
mod rig;
