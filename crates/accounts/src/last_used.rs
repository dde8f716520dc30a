//! When keys and users were last seen, written behind the requests.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use store::{Database, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::clock::now_micros;

/// One transaction per interval at most, however many requests there are.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// The latest use of each key that has not been written yet. There are no more entries than keys.
#[derive(Default)]
pub(crate) struct LastUsed {
    pending: Mutex<HashMap<Arc<str>, Use>>,
}

#[derive(Clone)]
struct Use {
    user_id: Arc<str>,
    at: i64,
}

impl LastUsed {
    /// Notes a use; never waits for the database.
    pub(crate) fn touch(&self, key_id: &Arc<str>, user_id: &Arc<str>) {
        let seen = Use { user_id: user_id.clone(), at: now_micros() };
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(key_id.clone(), seen);
    }

    /// Writes what was noted, again and again, and a last time when `stop` is cancelled.
    pub(crate) async fn run(&self, state: &Database, stop: CancellationToken) {
        let mut failing = false;
        while stop.run_until_cancelled(tokio::time::sleep(FLUSH_EVERY)).await.is_some() {
            let outcome = self.flush(state).await;
            // Said once: a full disk fails every second.
            if let (Err(error), false) = (&outcome, failing) {
                warn!(%error, "cannot write when API keys were last used; will go on trying");
            }
            failing = outcome.is_err();
        }
        if let Err(error) = self.flush(state).await {
            warn!(%error, "the last uses of API keys are not recorded");
        }
    }

    async fn flush(&self, state: &Database) -> Result<(), store::Error> {
        let uses = mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        if uses.is_empty() {
            return Ok(());
        }
        let written = uses.clone();
        let outcome = state
            .write(move |conn| {
                for (key_id, Use { user_id, at }) in &written {
                    conn.execute(
                        "UPDATE api_keys SET last_used_at = $2 WHERE id = $1",
                        &[v(&**key_id), v(*at)],
                    )?;
                    conn.execute(
                        "UPDATE users SET last_used_at = $2 WHERE id = $1",
                        &[v(&**user_id), v(*at)],
                    )?;
                }
                Ok(())
            })
            .await;
        if outcome.is_err() {
            self.put_back(uses);
        }
        outcome
    }

    fn put_back(&self, uses: HashMap<Arc<str>, Use>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for (key_id, seen) in uses {
            pending.entry(key_id).or_insert(seen);
        }
    }
}
