//! The shell over real sockets: two small apps, every rule.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod access;
mod assembly;
mod connections;
mod cors;
mod errors;
mod health;
mod requests;
mod shutdown;
mod support;
