//! API keys: credentials for scripts and tools, each acting for the user who made it.

mod authenticate;
mod create;
mod import;
mod list;
mod revoke;
mod secret;
mod verify;

use std::sync::Arc;

use server::Caller;

pub use create::NewKey;
pub use import::ImportedKey;
pub use list::ApiKey;
pub(crate) use secret::PREFIX;

use crate::{recent::Recent, secret_hash::SecretHash, users::Users};

/// The keys of all users. Cheap to clone; clones share their caches.
#[derive(Clone)]
pub struct ApiKeys {
    users: Users,
    /// Only keys that verified are kept, so strangers cannot fill it.
    verified: Arc<Recent<SecretHash, Caller>>,
}

impl ApiKeys {
    /// The keys of these users.
    #[must_use]
    pub fn new(users: &Users) -> Self {
        Self { verified: Arc::new(Recent::new(users.changes.clone())), users: users.clone() }
    }
}
