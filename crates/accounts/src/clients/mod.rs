//! API clients: apps that act for their users through this server (spec/appview.md §7).
//!
//! An app names itself with a public client key and proves itself with a secret or, where it cannot keep one, with the key
//! that was made for it: every device of a user gets a DPoP key of its own, the app uses it to sign in with the user's
//! PDS, hands the tokens over once, and from then on signs each request with that key. The server never asks for the
//! token's value again, so it may refresh the tokens behind the app's back on any device.

mod authenticate;
mod client;
mod create;
mod delegation;
mod dpop_keys;
mod error;
mod fields;
mod find;
mod headers;
mod identify;
mod import;
mod list;
mod proof;
mod registry;
mod remove;
mod routes;
mod secret;
mod sessions;
mod update;

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use cache::Cache;
use events::EventLog;
use store::Database;

pub use client::{ApiClient, ClientType};
pub use create::{NewClient, NewClientCredentials};
pub(crate) use delegation::{Delegate, Delegation};
pub use delegation::{ImportedDelegate, ImportedDelegation, Role};
pub use error::ClientError;
pub use identify::{ClientIdentity, RateLimit};
pub use import::ImportedClient;
pub use registry::ClientRegistry;
pub use sessions::PermissionSets;
pub use update::{Change, ClientChange};

use self::{find::UsableClient, sessions::KeySession};
use crate::{Domains, Settings, Vault, pds::PdsSessions, recent::Recent};

/// What API clients are built on.
#[derive(Clone)]
pub struct ClientsParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS).
    pub state: Database,
    /// Where used proofs are remembered, shared with other instances.
    pub cache: Cache,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// Seals the keys that are made for apps.
    pub vault: Vault,
    /// The sessions that apps register.
    pub pds: PdsSessions,
    /// Where this server answers.
    pub domains: Domains,
    /// How strictly apps must say who they are.
    pub settings: Settings,
    /// A path in front of all others, e.g. `/hv`; usually empty. It has no slash at its end.
    pub base_path: String,
    /// The limit of callers who have none of their own.
    pub default_limit: RateLimit,
}

/// The apps that act for their users through this server. Cheap to clone; clones share their caches.
#[derive(Clone)]
pub struct Clients {
    parts: Arc<ClientsParts>,
    registry: ClientRegistry,
    permission_sets: Arc<OnceLock<Arc<dyn PermissionSets>>>,
    /// By client key.
    known: Arc<Recent<String, UsableClient>>,
    /// By client and thumbprint.
    sessions: Arc<Recent<(String, String), KeySession>>,
}

impl Clients {
    /// The clients kept in the durable database.
    #[must_use]
    pub fn new(parts: ClientsParts) -> Self {
        let registry = ClientRegistry::new(parts.state.clone(), parts.events.clone());
        Self {
            parts: Arc::new(parts),
            permission_sets: Arc::default(),
            known: Arc::new(Recent::new(registry.changes.clone())),
            sessions: Arc::new(Recent::new(registry.changes.clone())),
            registry,
        }
    }

    /// Says who knows what `include:` scopes stand for; before that, such a scope covers itself alone. The first one
    /// counts.
    pub fn use_permission_sets(&self, sets: Arc<dyn PermissionSets>) {
        // Whoever knows lexicons is made after the accounts it is given, so this cannot be a part.
        let _first_counts = self.permission_sets.set(sets);
    }
}

/// Whoever has the clients of a server has their registry, too.
impl Deref for Clients {
    type Target = ClientRegistry;

    fn deref(&self) -> &ClientRegistry {
        &self.registry
    }
}
