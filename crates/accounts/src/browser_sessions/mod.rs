//! Sessions of browsers: who signed in to the dashboard, by a cookie.
//!
//! The cookie holds a random token and nothing else. What it means is a row here, so that signing out ends it on every
//! instance, a stolen copy dies with it, and nobody can make one up. Once a day the token is exchanged for a new one.

mod authenticate;
mod cookie;
mod end;
mod rotate;
mod session;
mod start;
mod token;

use std::sync::Arc;

use store::Database;
use time::Duration;

pub use end::end_all_of;
pub use session::BrowserSession;
pub use start::StartedSession;

use crate::{
    recent::{Changes, Recent},
    secret_hash::SecretHash,
};

/// A session nobody uses ends after this time.
const LIFETIME: Duration = Duration::days(14);

/// However much it is used, whoever it belongs to signs in again after this time.
const MAX_AGE: Duration = Duration::days(90);

/// The age at which a token is exchanged.
const ROTATE_AFTER: Duration = Duration::days(1);

/// Requests that were on their way when the token was exchanged still arrive with the old one.
const GRACE: Duration = Duration::minutes(1);

/// The sessions of all browsers. Cheap to clone; clones share their cache.
#[derive(Clone)]
pub struct BrowserSessions {
    state: Database,
    /// Whether browsers may send the cookie over TLS only.
    secure: bool,
    changes: Changes,
    recent: Arc<Recent<SecretHash, BrowserSession>>,
}

impl BrowserSessions {
    /// Sessions kept in the durable database; `secure` if browsers reach this server through https.
    #[must_use]
    pub fn new(state: Database, secure: bool) -> Self {
        let changes = Changes::default();
        Self { state, secure, recent: Arc::new(Recent::new(changes.clone())), changes }
    }
}
