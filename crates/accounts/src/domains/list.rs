//! Asking for domains.

use std::sync::Arc;

use store::Database;

use super::{Domain, Domains, loopback, url::host};
use crate::Error;

impl Domain {
    /// The domains in a database that need not be the one of a running server, the primary one first.
    pub async fn stored(state: &Database) -> Result<Vec<Self>, Error> {
        state.read(Self::all).await
    }
}

impl Domains {
    /// All of them, the primary one first.
    #[must_use]
    pub fn list(&self) -> Arc<Vec<Domain>> {
        self.known.load_full()
    }

    /// The one that stands for the server.
    #[must_use]
    pub fn primary(&self) -> Option<Domain> {
        self.known.load().iter().find(|domain| domain.is_primary).cloned()
    }

    /// The domain that a request came for, by its `Host` header; port and case do not matter, and all names of the
    /// loopback interface are one.
    #[must_use]
    pub fn at_host(&self, authority: &str) -> Option<Domain> {
        let (host, known) = (host(authority), self.known.load());
        let domain = known.iter().find(|domain| domain.host() == host);
        domain.or_else(|| known.iter().find(|domain| loopback::is_same_host(domain.host(), &host))).cloned()
    }

    /// Whether a page's `Origin` is one of ours.
    #[must_use]
    pub fn has_origin(&self, origin: &str) -> bool {
        let is_ours = |domain: &Domain| domain.url == origin || loopback::is_same_origin(&domain.url, origin);
        self.known.load().iter().any(is_ours)
    }
}
