//! Sessions that app passwords begin at the PDSes of their owners (spec/registry.md §2.3).
//!
//! A password is used once, to begin a session, and is kept nowhere. What the PDS gives for it is kept in the cache, sealed:
//! whoever pushes has just logged in, and what they push is written with it.

mod error;
mod grant;
mod open;
mod renew;
mod session;
mod writer;

use std::sync::Arc;

use accounts::Vault;
use atproto::Did;
use cache::Cache;
use outbound::Outbound;

pub use error::PasswordError;
pub use session::PasswordSession;

use super::Error;

/// The sessions of app passwords. Cheap to clone.
#[derive(Clone)]
pub struct PdsPasswords {
    cache: Cache,
    outbound: Outbound,
    vault: Vault,
}

impl PdsPasswords {
    /// Sessions in this cache.
    #[must_use]
    pub fn new(cache: Cache, outbound: Outbound, vault: Vault) -> Self {
        Self { cache, outbound, vault }
    }

    /// The session of an account, if one of its app passwords was used lately: that of the password that was used last.
    pub async fn session(&self, did: &Did) -> Result<Option<PasswordSession>, Error> {
        match self.latest(did).await? {
            Some(id) => self.session_of(did, &id).await,
            None => Ok(None),
        }
    }

    /// The session that the password began which is known by this, if it was used lately.
    pub async fn session_of(&self, did: &Did, id: &str) -> Result<Option<PasswordSession>, Error> {
        let grant = self.load(did, id).await?;
        Ok(grant.map(|grant| PasswordSession::new(self.clone(), Arc::new(grant))))
    }
}
