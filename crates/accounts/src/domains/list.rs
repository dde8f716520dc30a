//! Asking for domains.

use std::sync::Arc;

use super::{Domain, Domains, url::host};

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

    /// The domain that a request came for, by its `Host` header; port and case do not matter.
    #[must_use]
    pub fn at_host(&self, authority: &str) -> Option<Domain> {
        let host = host(authority);
        self.known.load().iter().find(|domain| domain.host() == host).cloned()
    }

    /// Whether a page's `Origin` is one of ours.
    #[must_use]
    pub fn has_origin(&self, origin: &str) -> bool {
        self.known.load().iter().any(|domain| domain.url == origin)
    }
}
