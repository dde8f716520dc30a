//! The shell over real sockets: two small apps, every rule.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod access;
mod assembly;
mod base_path;
mod connections;
mod cors;
mod cross_site;
mod denials;
mod errors;
mod extensions;
mod health;
mod hosts;
mod openapi;
mod requests;
mod shutdown;
mod support;
mod throttle;
