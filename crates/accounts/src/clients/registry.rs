//! The clients that are registered: what making, showing, changing and removing them needs.

use events::EventLog;
use store::Database;

use crate::recent::Changes;

/// Which apps there are. Needs no more than the database, so a command line can have it. Cheap to clone.
#[derive(Clone)]
pub struct ClientRegistry {
    pub(super) state: Database,
    pub(super) events: EventLog,
    /// Changes to clients, keys and sessions.
    pub(super) changes: Changes,
}

impl ClientRegistry {
    /// The clients kept in the durable database, which must have been opened with [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn new(state: Database, events: EventLog) -> Self {
        Self { state, events, changes: Changes::default() }
    }
}
