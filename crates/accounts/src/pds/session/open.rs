//! Finding the session of a caller.

use std::sync::Arc;

use atproto::Did;
use server::Principal;
use store::v;

use super::{
    PdsSession, PdsSessions,
    row::{Grant, Sealed},
    save::load,
};
use crate::pds::PdsError;

impl PdsSessions {
    /// The session through which a caller's PDS can be asked; [`PdsError::NoSession`] if there is none, because they
    /// never signed in through this server (a service, an API key) or have signed out.
    pub async fn of(&self, principal: &Principal) -> Result<PdsSession, PdsError> {
        match principal {
            Principal::Dpop { session_id, .. } => self.open(session_id).await,
            Principal::BrowserSession { session_id, did, .. } => self.newest(did, Some(session_id)).await,
            _ => Err(PdsError::NoSession),
        }
    }

    /// The session with this row id.
    pub async fn open(&self, id: &str) -> Result<PdsSession, PdsError> {
        let grant = self.grant(id).await?.ok_or(PdsError::NoSession)?;
        Ok(PdsSession::new(self.clone(), grant))
    }

    /// The newest session that somebody began on this server's pages, for what is done in their name later: jobs, and the
    /// account that the service identity is attached to.
    pub async fn of_account(&self, did: &Did) -> Result<PdsSession, PdsError> {
        self.newest(did.as_str(), None).await
    }

    /// The session that a browser began, else the account's newest: the browser may be signed in by other means than
    /// OAuth, such as a return from another account.
    async fn newest(&self, did: &str, session_id: Option<&str>) -> Result<PdsSession, PdsError> {
        let (did, session_id) = (did.to_owned(), session_id.map(str::to_owned));
        let found = self.shared.state.read(move |conn| {
            let sql = format!(
                "SELECT {} FROM pds_sessions WHERE did = $1 AND browser_session_id IS NOT NULL \
                 ORDER BY CASE WHEN browser_session_id = $2 THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT 1",
                Sealed::COLUMNS
            );
            conn.query_opt::<_, store::Error>(&sql, &[v(&did), v(session_id.as_deref())], Sealed::read)
        });
        let grant = found.await?.ok_or(PdsError::NoSession)?.open(&self.shared.vault)?;
        Ok(PdsSession::new(self.clone(), Arc::new(grant)))
    }

    /// The session with this row id as it is now.
    pub(super) async fn grant(&self, id: &str) -> Result<Option<Arc<Grant>>, PdsError> {
        let id = id.to_owned();
        let found = self.shared.state.read(move |conn| load(conn, &id)).await?;
        found.map(|sealed| sealed.open(&self.shared.vault).map(Arc::new)).transpose()
    }
}
