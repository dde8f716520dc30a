//! The domains as the shell asks for them.

use server::Sites;

use super::{Domains, loopback};

impl Sites for Domains {
    fn has_origin(&self, origin: &str) -> bool {
        Self::has_origin(self, origin)
    }

    fn has_host(&self, host: &str) -> bool {
        let known = self.known.load();
        known.iter().any(|domain| domain.host() == host || loopback::is_same_host(domain.host(), host))
    }
}
