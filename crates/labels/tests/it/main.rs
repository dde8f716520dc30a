//! Labelers on loopback, over a real WebSocket each, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod collecting;
mod fetching;
mod frames;
mod hooks;
mod instances;
mod pausing;
mod reading;
mod rig;
mod signatures;
mod stream;
