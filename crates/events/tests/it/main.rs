//! The event log on every engine.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod forgetting;
mod reading;
mod recording;
mod support;
