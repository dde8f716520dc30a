//! The end of a session.

use std::time::Duration;

use atproto::Did;
use futures::{StreamExt, stream};
use store::{Value, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{
    PdsSessions,
    row::{Grant, Sealed},
};
use crate::{
    clock::{micros, now_micros},
    pds::PdsError,
};

/// How long somebody who signs out waits for the authorization server to hear of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// No authorization server keeps a session that is not refreshed for this long.
const FORGOTTEN_AFTER: time::Duration = time::Duration::days(100);

const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// How many sessions of a removed app are revoked. Authorization servers lose track of the others by themselves some
/// day.
const MAX_REVOCATIONS: u32 = 10_000;

/// How many authorization servers are told at the same time.
const AT_ONCE: usize = 8;

/// Sessions whose authorization servers are to be told that they are over.
pub(crate) struct Revocations(Vec<Sealed>);

impl PdsSessions {
    /// Ends a session here, and tells its authorization server; whether there was one.
    pub async fn end(&self, id: &str) -> Result<bool, PdsError> {
        Ok(self.end_all("id = $1", vec![id.to_owned()]).await? > 0)
    }

    /// Ends the session that a browser began.
    pub async fn end_of_browser(&self, browser_session_id: &str) -> Result<bool, PdsError> {
        Ok(self.end_all("browser_session_id = $1", vec![browser_session_id.to_owned()]).await? > 0)
    }

    /// Ends every session of an account that was registered through an API client; how many there were.
    pub async fn end_devices(&self, api_client_id: &str, did: &Did) -> Result<usize, PdsError> {
        self.end_all("api_client_id = $1 AND did = $2", vec![api_client_id.to_owned(), did.to_string()]).await
    }

    /// What the PDSes would have to hear if an app were removed, and those made through it: their sessions, of which the
    /// newest [`MAX_REVOCATIONS`] count.
    pub(crate) async fn revocations_of_app(&self, api_client_id: &str) -> Result<Revocations, PdsError> {
        let id = api_client_id.to_owned();
        let found = self.shared.state.read(move |conn| {
            let sql = format!(
                "SELECT {} FROM pds_sessions WHERE api_client_id IN \
                   (SELECT id FROM api_clients WHERE id = $1 OR parent_client_id = $1) \
                 ORDER BY updated_at DESC LIMIT {MAX_REVOCATIONS}",
                Sealed::COLUMNS
            );
            conn.query::<_, store::Error>(&sql, &[v(&id)], Sealed::read)
        });
        Ok(Revocations(found.await?))
    }

    /// Tells the authorization servers of sessions that are gone, in the background; a shutdown does not wait for it.
    pub(crate) fn revoke_later(&self, revocations: Revocations) {
        let sessions = self.clone();
        tokio::spawn(async move {
            let grants =
                revocations.0.into_iter().filter_map(|sealed| sealed.open(&sessions.shared.vault).ok());
            let revoke = async |grant: Grant| {
                let Grant { issuer, client_id, key, .. } = &grant;
                sessions.shared.authorities.revoke(issuer, client_id, key, grant.revocable_token()).await;
            };
            stream::iter(grants).for_each_concurrent(AT_ONCE, revoke).await;
        });
    }

    async fn end_all(&self, condition: &'static str, params: Vec<String>) -> Result<usize, PdsError> {
        let ended = self.shared.state.write(move |conn| {
            let sql = format!("DELETE FROM pds_sessions WHERE {condition} RETURNING {}", Sealed::COLUMNS);
            let params: Vec<Value<'_>> = params.iter().map(v).collect();
            conn.query::<_, store::Error>(&sql, &params, Sealed::read)
        });
        let ended = ended.await?;
        let count = ended.len();
        let revocations: Vec<_> = ended
            .into_iter()
            // One that does not open cannot be revoked either, and is gone.
            .filter_map(|sealed| sealed.open(&self.shared.vault).ok())
            .map(|grant| self.revoke(grant))
            .collect();
        let all = futures::future::join_all(revocations);
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            metrics::counter!("pds_revocations_late_total").increment(1);
        }
        Ok(count)
    }

    /// Tells the authorization server, whether or not anybody waits for it.
    pub(super) fn revoke(&self, grant: Grant) -> tokio::task::JoinHandle<()> {
        let authorities = self.shared.authorities.clone();
        self.shared.errands.spawn(async move {
            let Grant { issuer, client_id, key, .. } = &grant;
            authorities.revoke(issuer, client_id, key, grant.revocable_token()).await;
        })
    }

    /// Forgets sessions that are long over, every hour; at the end, waits for what must be finished.
    pub(crate) async fn maintain(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(PRUNE_EVERY)).await.is_some() {
            let oldest = now_micros().saturating_sub(micros(FORGOTTEN_AFTER));
            let pruned = self.shared.state.write(move |conn| {
                conn.execute("DELETE FROM pds_sessions WHERE updated_at < $1", &[v(oldest)])
            });
            if let Err(error) = pruned.await {
                warn!(%error, "cannot delete PDS sessions that are long over; will try again in an hour");
            }
        }
        self.shared.errands.close();
        self.shared.errands.wait().await;
    }
}
