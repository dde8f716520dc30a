//! The microblog, as the parts of this server see it.

use std::sync::{Arc, OnceLock};

use accounts::Vault;
use cache::Cache;
use passwords::Hasher;
use store::{Conn, Database};

use crate::address::Addresses;
use crate::notifications::Notified;
use crate::{Elsewhere, Error, Live, SocialConfig, Told, users};

/// What the microblog is built on.
#[derive(Debug)]
pub struct SocialParts {
    /// Opened with [`SCHEMA`](crate::SCHEMA).
    pub state: Database,
    /// What instances share for a while.
    pub cache: Cache,
    /// What seals private keys.
    pub vault: Vault,
    /// What the operator decided.
    pub config: SocialConfig,
}

/// One for the whole server. Cheap to clone.
#[derive(Clone)]
pub struct Social(Arc<Shared>);

struct Shared {
    parts: SocialParts,
    addresses: Addresses,
    live: Live,
    hasher: Hasher,
    elsewhere: OnceLock<Arc<dyn Elsewhere>>,
}

impl Social {
    /// Nothing is read or started yet.
    #[must_use]
    pub fn new(parts: SocialParts) -> Self {
        let addresses = Addresses::new(&parts.config.base);
        let live = Live::new(parts.cache.clone());
        Self(Arc::new(Shared {
            parts,
            addresses,
            live,
            hasher: Hasher::default(),
            elsewhere: OnceLock::new(),
        }))
    }

    /// The durable database.
    #[must_use]
    pub fn state(&self) -> &Database {
        &self.0.parts.state
    }

    /// What instances share for a while.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.0.parts.cache
    }

    /// What seals private keys.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.parts.vault
    }

    /// What passwords are kept with.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    /// What the operator decided.
    #[must_use]
    pub fn config(&self) -> &SocialConfig {
        &self.0.parts.config
    }

    /// What everything here is called.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.0.addresses
    }

    /// Where this server is at home for everybody elsewhere: as it was when it first started at an address that somebody chose. If that
    /// is not the address it has now, it must not start: what it is called would change under those who know it.
    pub async fn home(&self, is_chosen: bool) -> Result<String, Error> {
        users::home(self, is_chosen).await
    }

    /// Who looks on.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// Tells whoever looks on of notifications that were written.
    pub async fn told(&self, notified: impl IntoIterator<Item = Notified>) {
        for Notified { id, user } in notified {
            self.live().tell(&Told::Notified { id: id.0, user_id: user.0 }).await;
        }
    }

    /// Who speaks with other servers, if anybody does.
    #[must_use]
    pub fn elsewhere(&self) -> Option<&Arc<dyn Elsewhere>> {
        self.0.elsewhere.get()
    }

    /// Says who does, once: the federation is built on this.
    pub fn set_elsewhere(&self, elsewhere: Arc<dyn Elsewhere>) {
        // Whoever said so first stays.
        _ = self.0.elsewhere.set(elsewhere);
    }

    /// Runs a change in one transaction. Whoever takes up events looks for some behind it.
    pub async fn change<T, F>(&self, change: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, Error> + Send + 'static,
    {
        let changed = self.state().write(change).await?;
        if let Some(elsewhere) = self.elsewhere() {
            elsewhere.happened();
        }
        Ok(changed)
    }

    /// Runs a question.
    pub async fn ask<T, F>(&self, question: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.state().read(question).await
    }
}

impl std::fmt::Debug for Social {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Social").field("config", &self.0.parts.config).finish_non_exhaustive()
    }
}
