//! Exchanging a token.

use http::HeaderValue;
use store::v;

use super::{BrowserSession, BrowserSessions, LIFETIME, MAX_AGE, token::Token};
use crate::{
    Error,
    clock::{micros, micros_of, now_micros},
};

impl BrowserSessions {
    /// Gives a session a new token and prolongs it; the value for `Set-Cookie`. `None` if another request has just done so,
    /// whose answer brings the new cookie, or if the session is over.
    ///
    /// The old token goes on working for a minute.
    pub async fn rotate(&self, session: &BrowserSession) -> Result<Option<HeaderValue>, Error> {
        let token = Token::generate()?;
        let (hash, now) = (token.hash().to_hex(), now_micros());
        let latest = micros_of(session.created_at).saturating_add(micros(MAX_AGE));
        let expires_at = now.saturating_add(micros(LIFETIME)).min(latest);
        let (id, seen) = (session.id.clone(), micros_of(session.rotated_at));
        let changed = self
            .state
            .write(move |conn| {
                conn.execute(
                    "UPDATE browser_sessions \
                     SET previous_hash = token_hash, token_hash = $2, rotated_at = $3, expires_at = $4 \
                     WHERE id = $1 AND rotated_at = $5 AND expires_at > $3",
                    &[v(&*id), v(&hash), v(now), v(expires_at), v(seen)],
                )
            })
            .await?;
        self.changes.note();
        if changed == 0 { Ok(None) } else { self.cookie(&token).map(Some) }
    }
}
