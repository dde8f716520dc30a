//! The registry, served, on each engine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(unused_must_use, reason = "often the status says all")]

mod auth;
