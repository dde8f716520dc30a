//! Somebody else's holds (spec/registry.md §3.3, §4.3–4.5): where they are, who may write there, what is in them, and how it gets there.
//!
//! A hold is named by its DID and believed as far as that goes: everything goes through the guard of outgoing connections, answers are
//! bounded, and what a hold says is told on in words that name it. Whoever pushes or pulls is shown to it by a token of their own, which
//! their PDS, or their repository here, signs for that hold and that method.

mod call;
mod captain;
mod crew;
mod error;
mod fetch;
mod find;
mod has;
mod notify;
mod part;
mod parts;
mod send;
mod stats;
mod tokens;

use std::sync::Arc;

use atproto::Did;
use cache::Cache;
use identity::Resolver;
use oci::{Algorithm, Digest};
use outbound::Outbound;

pub(crate) use captain::RemoteHold;
pub(crate) use error::HoldError;
pub(crate) use fetch::Remote;
pub(crate) use notify::Notice;

use crate::authors::Authors;
use has::Seen;
use tokens::Tokens;

/// The way to them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Holds(Arc<Inner>);

pub(crate) struct Inner {
    resolver: Resolver,
    outbound: Outbound,
    cache: Cache,
    authors: Authors,
    /// What our own hold is called.
    own: Did,
    tokens: Tokens,
    seen: Seen,
}

impl Holds {
    pub(crate) fn new(authors: Authors, cache: Cache, own: Did) -> Self {
        let (resolver, outbound) = (authors.resolver.clone(), authors.outbound.clone());
        let (tokens, seen) = (Tokens::new(), Seen::new());
        Self(Arc::new(Inner { resolver, outbound, cache, authors, own, tokens, seen }))
    }

    /// What something about names is remembered under: names may be longer than keys.
    fn key(kind: &str, names: &[&str]) -> String {
        let digest = Digest::of(Algorithm::Sha256, names.join("\n").as_bytes());
        format!("registry:{kind}:{}", digest.to_hex())
    }

    /// Remembers that a hold has a blob.
    fn saw(&self, hold: &Did, digest: &Digest, size: u64) {
        self.seen.insert(hold, digest, size);
    }
}

impl std::ops::Deref for Holds {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
