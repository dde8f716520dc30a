//! From an NSID to the lexicon its authority publishes.

use atproto::{Cid, Did, Nsid, Tid};
use identity::Resolver;
use outbound::Outbound;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::SCHEMA_COLLECTION;
use crate::lexicons::Published;

/// Finds published lexicons. Cheap to clone.
#[derive(Clone)]
pub struct LexiconResolver {
    resolver: Resolver,
    outbound: Outbound,
}

/// Why a published lexicon could not be found, naming the step that failed.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// DNS did not answer.
    #[error("{nsid}: its authority cannot be looked up: {source}")]
    Dns {
        /// The lexicon.
        nsid: Nsid,
        /// What DNS said.
        source: outbound::Error,
    },
}

impl ResolveError {
    /// Whether somebody else's server is in the way, as opposed to the NSID or what is published under it.
    pub(crate) fn is_upstream(&self) -> bool {
        matches!(self, Self::Dns { .. })
    }
}

impl LexiconResolver {
    /// Asks DNS and directories through `resolver`, hosts through `outbound`.
    #[must_use]
    pub fn new(resolver: Resolver, outbound: Outbound) -> Self {
        Self { resolver, outbound }
    }

    /// The lexicon as its authority publishes it now.
    pub async fn resolve(&self, nsid: &Nsid) -> Result<Published, ResolveError> {
        todo!()
    }
}
