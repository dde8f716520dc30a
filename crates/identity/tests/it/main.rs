//! Identities looked up in a network on loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod dids;
mod handles;
mod lexicons;
mod memory;
mod verification;
mod world;
