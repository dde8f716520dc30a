//! What the protocol says, by what a request asks.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails a test")]

mod access;
mod arbitrary;
mod manifest_types;
mod manifests;
mod referrers;
mod routes;
