//! Signing out.

use std::time::Duration;

use atproto::Did;
use http::HeaderValue;
use store::{Conn, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{BrowserSessions, cookie};
use crate::{Error, clock::now_micros};

const PRUNE_EVERY: Duration = Duration::from_hours(1);

impl BrowserSessions {
    /// Ends a session, on this instance at once and on others within seconds; whether there was one.
    pub async fn end(&self, id: &str) -> Result<bool, Error> {
        let id = id.to_owned();
        let ended = self
            .state
            .write(move |conn| conn.execute("DELETE FROM browser_sessions WHERE id = $1", &[v(&id)]))
            .await?;
        self.changes.note();
        Ok(ended > 0)
    }

    /// Ends every session of an account; how many there were.
    pub async fn end_all(&self, did: &Did) -> Result<u64, Error> {
        let did = did.clone();
        let ended = self.state.write(move |conn| end_all_of(conn, did.as_str())).await?;
        self.changes.note();
        Ok(ended)
    }

    /// The value for `Set-Cookie` that makes a browser forget its token.
    pub fn forget_cookie(&self) -> Result<HeaderValue, Error> {
        cookie::set("", time::Duration::ZERO, self.secure).map_err(|_| Error::Sealing)
    }

    /// Deletes sessions that are over, every hour.
    pub(crate) async fn prune(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(PRUNE_EVERY)).await.is_some() {
            let now = now_micros();
            let pruned = self.state.write(move |conn| end_expired(conn, now));
            if let Err(error) = pruned.await {
                warn!(%error, "cannot delete browser sessions that are over; will try again in an hour");
            }
        }
    }
}

/// Ends every session of an account inside somebody's transaction; how many there were. Servers that are running know within seconds.
pub fn end_all_of(conn: &mut Conn<'_>, did: &str) -> Result<u64, store::Error> {
    // Whoever signed in as somebody else afterwards, as one does to attach an account, left tokens without a browser.
    let tokens = "DELETE FROM pds_sessions WHERE did = $1 AND browser_session_id IS NOT NULL";
    conn.execute(tokens, &[v(did)])?;
    conn.execute("DELETE FROM browser_sessions WHERE did = $1", &[v(did)])
}

/// Deletes sessions that are over, and with them the tokens that people got by signing in: nobody could use those again.
fn end_expired(conn: &mut Conn<'_>, now: i64) -> Result<u64, store::Error> {
    conn.execute(
        "DELETE FROM pds_sessions \
         WHERE browser_session_id IN (SELECT id FROM browser_sessions WHERE expires_at <= $1)",
        &[v(now)],
    )?;
    conn.execute("DELETE FROM browser_sessions WHERE expires_at <= $1", &[v(now)])
}
