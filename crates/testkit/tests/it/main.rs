//! The fixtures do what they promise, so that a test can rely on them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod databases;
mod network;
mod sim;
