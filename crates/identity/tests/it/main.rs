//! Identities looked up in a network on loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod dids;
#[expect(dead_code, reason = "shared with the tests of `outbound`, which need more of it")]
#[path = "../../../outbound/tests/it/dns_server.rs"]
mod dns_server;
mod handles;
mod lexicons;
mod memory;
mod verification;
mod world;
