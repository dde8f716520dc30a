//! When keys and users were last seen, written behind the requests.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use store::{Conn, Database, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::clock::now_micros;

/// One transaction per interval at most, however many requests there are.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// The latest uses that have not been written yet.
#[derive(Default)]
pub(crate) struct LastUsed {
    pending: Mutex<Pending>,
}

/// Microseconds by row id. There are no more entries than keys and users.
#[derive(Clone, Default)]
struct Pending {
    keys: HashMap<Arc<str>, i64>,
    users: HashMap<Arc<str>, i64>,
}

impl LastUsed {
    /// Notes the use of a key; never waits for the database.
    pub(crate) fn touch_key(&self, key_id: &Arc<str>) {
        self.pending().keys.insert(key_id.clone(), now_micros());
    }

    /// Notes that a user did something; never waits for the database.
    pub(crate) fn touch_user(&self, user_id: &Arc<str>) {
        self.pending().users.insert(user_id.clone(), now_micros());
    }

    /// Writes what was noted, again and again, and a last time when `stop` is cancelled.
    pub(crate) async fn run(&self, state: &Database, stop: CancellationToken) {
        let mut failing = false;
        while stop.run_until_cancelled(tokio::time::sleep(FLUSH_EVERY)).await.is_some() {
            let outcome = self.flush(state).await;
            // Said once: a full disk fails every second.
            if let (Err(error), false) = (&outcome, failing) {
                warn!(%error, "cannot write when API keys and users were last seen; will go on trying");
            }
            failing = outcome.is_err();
        }
        if let Err(error) = self.flush(state).await {
            warn!(%error, "the last uses of API keys are not recorded");
        }
    }

    async fn flush(&self, state: &Database) -> Result<(), store::Error> {
        let uses = mem::take(&mut *self.pending());
        if uses.keys.is_empty() && uses.users.is_empty() {
            return Ok(());
        }
        let written = uses.clone();
        let outcome = state.write(move |conn| written.write(conn)).await;
        if outcome.is_err() {
            self.pending().add_older(uses);
        }
        outcome
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    fn write(&self, conn: &mut Conn<'_>) -> Result<(), store::Error> {
        for (id, at) in &self.keys {
            conn.execute("UPDATE api_keys SET last_used_at = $2 WHERE id = $1", &[v(&**id), v(*at)])?;
        }
        for (id, at) in &self.users {
            conn.execute("UPDATE users SET last_used_at = $2 WHERE id = $1", &[v(&**id), v(*at)])?;
        }
        Ok(())
    }

    /// Takes back what could not be written, except where there is something newer.
    fn add_older(&mut self, older: Self) {
        for (id, at) in older.keys {
            self.keys.entry(id).or_insert(at);
        }
        for (id, at) in older.users {
            self.users.entry(id).or_insert(at);
        }
    }
}
