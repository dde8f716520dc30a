//! Seeing and ending sessions.

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::SessionAccess;
use crate::{
    clients::{ClientError, Clients},
    pds::SessionInfo,
};

impl Clients {
    /// The caller's own session, or the newest of the account.
    pub(in crate::clients) async fn session(
        &self,
        access: &SessionAccess,
        did: &Did,
    ) -> Result<SessionInfo, ClientError> {
        let sessions = self.sessions(access, did).await?;
        let wanted = |session: &SessionInfo| match access {
            SessionAccess::AllDevices(_) => true,
            SessionAccess::OwnDevice(own) => *session.id == *own.session_id,
        };
        sessions.into_iter().find(wanted).ok_or(ClientError::NoSuchSession)
    }

    /// All sessions of the account with the client, newest first.
    pub(in crate::clients) async fn sessions(
        &self,
        access: &SessionAccess,
        did: &Did,
    ) -> Result<Vec<SessionInfo>, ClientError> {
        Ok(self.parts.pds.devices(&access.client().id, did).await?)
    }

    /// Ends what the caller holds: all sessions of the account, or their own.
    pub(in crate::clients) async fn end_sessions(
        &self,
        access: &SessionAccess,
        did: &Did,
    ) -> Result<(), ClientError> {
        let client = access.client();
        match access {
            SessionAccess::AllDevices(_) => {
                self.parts.pds.end_devices(&client.id, did).await?;
                let (client_id, did) = (client.id.clone(), did.to_string());
                let sql = "DELETE FROM dpop_keys WHERE api_client_id = $1 AND did = $2";
                self.parts.state.write(move |conn| conn.execute(sql, &[v(&client_id), v(&did)])).await?;
                self.changes.note();
            }
            SessionAccess::OwnDevice(_) => self.end_session(&self.session(access, did).await?).await?,
        }
        self.parts
            .events
            .record(Event::new(kinds::DPOP_SESSION_DELETED).actor(did.as_str()).subject(&client.client_key));
        Ok(())
    }

    /// Ends one of the account's sessions with the client.
    pub(in crate::clients) async fn end_device(
        &self,
        access: &SessionAccess,
        did: &Did,
        session_id: &str,
    ) -> Result<(), ClientError> {
        let sessions = self.sessions(access, did).await?;
        let session = sessions.iter().find(|session| session.id == session_id);
        self.end_session(session.ok_or(ClientError::NoSuchSession)?).await?;
        self.parts.events.record(
            Event::new(kinds::DPOP_SESSION_DEVICE_DELETED)
                .actor(did.as_str())
                .subject(&access.client().client_key)
                .detail(json!({ "session_id": session_id })),
        );
        Ok(())
    }

    /// Ends a session with its key, here at once and at the PDS if that answers.
    async fn end_session(&self, session: &SessionInfo) -> Result<(), ClientError> {
        self.parts.pds.end(&session.id).await?;
        if let Some(key_id) = session.dpop_key_id.clone() {
            self.parts
                .state
                .write(move |conn| conn.execute("DELETE FROM dpop_keys WHERE id = $1", &[v(&key_id)]))
                .await?;
        }
        self.changes.note();
        Ok(())
    }
}
