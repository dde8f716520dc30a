//! Keys and rights on every engine, and through a served shell.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod keys;
mod last_used;
mod rights;
mod support;
