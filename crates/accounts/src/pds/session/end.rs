//! The end of a session.

use std::time::Duration;

use atproto::Did;
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
