//! Whose browser is calling.

use http::HeaderMap;
use store::v;

use super::{BrowserSession, BrowserSessions, cookie};
use crate::{Error, secret_hash::SecretHash};

impl BrowserSessions {
    /// The session of a request's cookie. `None` if it has none, or one that means nothing (any more): browsers send
    /// cookies by themselves, so an old one is no claim that could be refused.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<BrowserSession>, Error> {
        let Some(token) = cookie::token(headers) else { return Ok(None) };
        let hash = SecretHash::of(token);
        if let Some(session) = self.recent.get(&hash) {
            return Ok(Some(session).filter(BrowserSession::is_valid));
        }
        let began = self.recent.begin();
        let session = self.look_up(hash).await?;
        if let Some(session) = &session {
            self.recent.keep(hash, session.clone(), began);
        }
        Ok(session)
    }

    async fn look_up(&self, hash: SecretHash) -> Result<Option<BrowserSession>, Error> {
        let sql = format!(
            "SELECT {} FROM browser_sessions WHERE token_hash = $1 OR previous_hash = $1",
            BrowserSession::COLUMNS
        );
        let found = self
            .state
            .read(move |conn| {
                conn.query_opt(&sql, &[v(&hash.to_hex())], |row| BrowserSession::read(row, hash))
            })
            .await?;
        Ok(found.flatten())
    }
}
