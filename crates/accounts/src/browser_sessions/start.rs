//! Signing in.

use atproto::Did;
use http::HeaderValue;
use store::v;
use uuid::Uuid;

use super::{BrowserSessions, LIFETIME, cookie, token::Token};
use crate::{
    Error,
    clock::{micros, now_micros},
};

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct StartedSession {
    /// The row id.
    pub id: String,
    /// For the header `Set-Cookie` of the answer. The only place where the token is.
    pub set_cookie: HeaderValue,
}

impl BrowserSessions {
    /// Begins a session for somebody who has just proved who they are, through an API client or on the dashboard's own
    /// pages. Always a new one: a cookie that somebody planted beforehand is worth nothing.
    pub async fn start(&self, did: &Did, client_key: Option<&str>) -> Result<StartedSession, Error> {
        let token = Token::generate()?;
        let (id, hash, now) = (Uuid::now_v7().to_string(), token.hash().to_hex(), now_micros());
        let (row_id, did, client_key) = (id.clone(), did.clone(), client_key.map(str::to_owned));
        self.state
            .write(move |conn| {
                conn.execute(
                    "INSERT INTO browser_sessions \
                     (id, token_hash, did, client_key, created_at, rotated_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5, $5, $6)",
                    &[
                        v(&row_id),
                        v(&hash),
                        v(did.as_str()),
                        v(client_key.as_deref()),
                        v(now),
                        v(now.saturating_add(micros(LIFETIME))),
                    ],
                )
            })
            .await?;
        Ok(StartedSession { id, set_cookie: self.cookie(&token)? })
    }

    pub(super) fn cookie(&self, token: &Token) -> Result<HeaderValue, Error> {
        // A token is made of characters that every header takes.
        cookie::set(token.as_str(), LIFETIME, self.secure).map_err(|_| Error::Sealing)
    }
}
