//! Forgetting events.

use std::time::Duration;

use clock::now_micros;
use store::{Database, v};
use time::OffsetDateTime;

use crate::{EventLog, log::micros};

/// Rows in one transaction: nobody waits long for it.
const CHUNK: u32 = 5000;

/// How long entries are kept, by the setting `EVENT_LOG_RETENTION_DAYS`: 0 is for ever.
#[must_use]
pub fn retention(days: u32) -> Option<Duration> {
    (days > 0).then(|| Duration::from_hours(u64::from(days) * 24))
}

impl EventLog {
    /// Deletes the entries from before a moment, or all that are there; the number deleted.
    pub async fn purge(&self, before: Option<OffsetDateTime>) -> Result<u64, crate::Error> {
        let before = before.map_or_else(|| now_micros().saturating_add(1), micros);
        Ok(delete_before(&self.state, before).await?)
    }
}

/// Deletes what is older than `retention`.
pub(crate) async fn prune(state: &Database, retention: Duration) -> Result<u64, store::Error> {
    let retention = clock::micros(retention);
    delete_before(state, now_micros().saturating_sub(retention)).await
}

async fn delete_before(state: &Database, before: i64) -> Result<u64, store::Error> {
    let mut total = 0;
    loop {
        let deleted = state
            .write(move |conn| {
                conn.execute(
                    "DELETE FROM event_logs WHERE id IN \
                     (SELECT id FROM event_logs WHERE created_at < $1 ORDER BY created_at, id LIMIT $2)",
                    &[v(before), v(CHUNK)],
                )
            })
            .await?;
        total += deleted;
        if deleted < u64::from(CHUNK) {
            return Ok(total);
        }
    }
}
