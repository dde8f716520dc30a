//! What the protocol says, by what a request asks.

mod access;
mod arbitrary;
mod manifest_types;
mod manifests;
mod referrers;
mod routes;
