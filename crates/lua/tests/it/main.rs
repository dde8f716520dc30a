//! Scripts in machines, as the crate's users run them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod engine;
mod globals;
mod host;
mod isolation;
mod limits;
mod patterns;
mod records;
mod rig;
mod values;
