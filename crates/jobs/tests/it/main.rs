//! Background jobs on every engine.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod commands;
mod forgetting;
mod instances;
mod making;
mod retries;
mod rig;
mod running;
