//! The appview on a socket, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod catalogue;
mod config;
mod harness;
mod hook;
mod hostile;
mod lexicons;
mod list;
mod network_lexicons;
mod procedures;
mod record;
mod records;
mod stream;
