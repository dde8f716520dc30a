//! Jobs on a simulated network, whose own model says what must be here in the end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod archive;
mod control;
mod gaps;
mod hosts;
mod instances;
mod live;
mod retries;
mod rig;
