//! Forgetting keys that nobody uses.

use std::time::Duration;

use store::v;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::UNUSED_LIFETIME;
use crate::{
    clients::{ClientError, Clients},
    clock::now_micros,
};

const EVERY: Duration = Duration::from_mins(10);

impl Clients {
    /// Removes keys that nobody signed in with in time, and those whose session is gone, until `stop` is cancelled.
    pub(crate) async fn expire_keys(self, stop: CancellationToken) {
        let mut failing = false;
        loop {
            let outcome = self.remove_unused_keys().await;
            if let (Err(error), false) = (&outcome, failing) {
                warn!(%error, "cannot remove unused DPoP keys; will go on trying");
            }
            failing = outcome.is_err();
            if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
                return;
            }
        }
    }

    async fn remove_unused_keys(&self) -> Result<u64, ClientError> {
        let lifetime = i64::try_from(UNUSED_LIFETIME.as_micros()).unwrap_or(i64::MAX);
        let born_before = now_micros() - lifetime;
        let removed = self.parts.state.write(move |conn| {
            conn.execute(
                "DELETE FROM dpop_keys WHERE created_at <= $1 \
                 AND NOT EXISTS (SELECT 1 FROM pds_sessions s WHERE s.dpop_key_id = dpop_keys.id)",
                &[v(born_before)],
            )
        });
        Ok(removed.await?)
    }
}
