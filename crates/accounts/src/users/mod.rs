//! Users: who may do something here beyond what anybody may (spec/appview.md §4.3).
//!
//! Every rule is checked inside the transaction that changes something, against the rights that the acting party has at
//! that moment. So two administrators who act at once cannot together do what neither may.

mod actor;
mod bootstrap;
mod create;
mod import;
mod list;
mod permissions;
mod remove;
mod rights;
mod transfer;
mod user;

use std::sync::Arc;

use events::EventLog;
use store::Database;

pub use actor::Actor;
pub use create::NewUser;
pub use import::{ImportedUser, UserImport};
pub use permissions::PermissionChange;
pub use rights::Rights;
pub use user::User;

use crate::{
    last_used::LastUsed,
    recent::{Changes, Recent},
};

/// The users of this server. Cheap to clone; clones share their caches.
#[derive(Clone)]
pub struct Users {
    pub(crate) state: Database,
    pub(crate) events: EventLog,
    /// Changes to users, permissions and keys.
    pub(crate) changes: Changes,
    pub(crate) last_used: Arc<LastUsed>,
    rights: Arc<Recent<String, Option<Rights>>>,
}

impl Users {
    /// Users kept in the durable database, which must have been opened with [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn new(state: Database, events: EventLog) -> Self {
        let changes = Changes::default();
        let rights = Arc::new(Recent::new(changes.clone()));
        Self { state, events, changes, last_used: Arc::default(), rights }
    }
}
