//! The accounts of one server.

use std::sync::Arc;

use server::{App, Task};
use store::Database;

use crate::{last_used::LastUsed, verified::VerifiedKeys};

/// Users and keys. Cheap to clone; clones share their caches.
///
/// It is the shell's [`Authenticator`](server::Authenticator).
#[derive(Clone)]
pub struct Accounts {
    pub(crate) state: Database,
    pub(crate) verified: Arc<VerifiedKeys>,
    pub(crate) last_used: Arc<LastUsed>,
}

impl Accounts {
    /// Accounts kept in the durable database, which must have been opened with [`SCHEMA`](crate::SCHEMA).
    #[must_use]
    pub fn new(state: Database) -> Self {
        Self { state, verified: Arc::default(), last_used: Arc::default() }
    }

    /// What a server must run for it: a task that records when keys were last used.
    #[must_use]
    pub fn app(&self) -> App {
        let Self { state, last_used, .. } = self.clone();
        let record = Task::new("last used", async move |stop| last_used.run(&state, stop).await);
        App { name: "accounts", mounts: Vec::new(), tasks: vec![record] }
    }
}
