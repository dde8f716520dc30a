//! Which session a key belongs to.

use std::sync::Arc;

use store::v;

use crate::clients::{ClientError, Clients};

/// A session as a request needs to know it.
#[derive(Clone, Debug)]
pub(in crate::clients) struct KeySession {
    /// The row id.
    pub(in crate::clients) id: Arc<str>,
    /// The user.
    pub(in crate::clients) did: Arc<str>,
}

impl Clients {
    /// The session of a client's key. There is one at most: a key belongs to one user for good. Its end is seen at once on
    /// this instance and within seconds on others.
    pub(in crate::clients) async fn session_of_key(
        &self,
        client_id: &str,
        thumbprint: &str,
    ) -> Result<Option<KeySession>, ClientError> {
        let cached = (client_id.to_owned(), thumbprint.to_owned());
        if let Some(session) = self.sessions.get(&cached) {
            return Ok(Some(session));
        }
        let began = self.sessions.begin();
        let key = cached.clone();
        let found = self.parts.state.read(move |conn| {
            conn.query_opt(
                "SELECT s.id, s.did FROM dpop_keys k JOIN pds_sessions s ON s.dpop_key_id = k.id \
                 WHERE k.jwk_thumbprint = $2 AND k.api_client_id = $1 AND s.did = k.did",
                &[v(&key.0), v(&key.1)],
                |row| Ok::<_, ClientError>(KeySession { id: row.text(0)?.into(), did: row.text(1)?.into() }),
            )
        });
        let found = found.await?;
        if let Some(session) = &found {
            self.sessions.keep(cached, session.clone(), began);
        }
        Ok(found)
    }
}
