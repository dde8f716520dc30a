//! Authorization servers: who they are, and what is said to them.

mod discover;
mod post;
mod push;
mod revoke;
mod tokens;

use std::sync::Arc;

use cache::Cache;
use outbound::Outbound;

pub(super) use post::error_code;

use super::nonces::Nonces;

/// Documents and answers of servers are a few kilobytes.
const MAX_BYTES: usize = 64 << 10;

/// The way to authorization servers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Authorities {
    pub(super) outbound: Outbound,
    pub(super) cache: Cache,
    pub(super) nonces: Arc<Nonces>,
}
