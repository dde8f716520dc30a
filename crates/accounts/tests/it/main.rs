//! Accounts on every engine, and through a served shell.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

mod admin;
mod attestation;
mod bootstrap;
mod browser_sessions;
mod clients;
mod domains;
mod importing;
mod keys;
mod keys_of_users;
mod last_used;
mod pds;
mod rights;
mod service;
mod settings;
mod support;
mod users;
mod vault;
