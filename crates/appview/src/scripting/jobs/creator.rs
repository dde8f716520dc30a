//! For whom a job acts that is to act for somebody.

use std::sync::Arc;

use accounts::pds::{PdsError, PdsSession, PdsSessions};
use atproto::Did;

/// Whoever had a job made, and by which of their sessions it may act for them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Creator {
    pub(crate) did: Did,
    /// The row id.
    pub(super) session: Arc<str>,
}

impl Creator {
    /// The session, if it has not ended since.
    pub(crate) async fn session(&self, sessions: &PdsSessions) -> Result<PdsSession, PdsError> {
        let session = sessions.open(&self.session).await?;
        if session.did() == self.did { Ok(session) } else { Err(PdsError::NoSession) }
    }
}
