//! Forgetting what nobody needs any more.

use std::time::Duration;

use store::v;
use tokio_util::sync::CancellationToken;

use crate::write::lock;
use crate::{Error, Records, now_micros};

/// Between two rounds.
const PERIOD: Duration = Duration::from_mins(1);

/// How long the log reaches back, and how long a deletion is remembered: longer than any stream replays.
const RETENTION: Duration = Duration::from_hours(72);

/// Entries the log keeps at most, however young: about a gigabyte.
const MAX_LOG: i64 = 10_000_000;

/// Gaps that are listed; older ones have long been superseded.
const MAX_GAPS: i64 = 1_000;

/// Rows removed per transaction, so that the stream never waits long.
const CHUNK: i64 = 2_000;

/// Prunes the log and old tombstones, and does what was decided here and not done, until the token is cancelled.
pub async fn maintain(records: Records, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
        if let Err(error) = records.prune(now_micros(), RETENTION).await {
            tracing::warn!(%error, "pruning the log; it will be tried again");
        }
        if let Err(error) = records.settle().await {
            tracing::warn!(%error, "local decisions are not all carried out; it will be tried again");
        }
    }
}

impl Records {
    /// Removes log entries and tombstones older than `retention`; the number of rows.
    pub(crate) async fn prune(&self, now: i64, retention: Duration) -> Result<u64, Error> {
        // The log's last entry stays, because its number is where the next one continues.
        const LOG: &str = "
            DELETE FROM changes WHERE seq IN (
                SELECT seq FROM changes
                WHERE (at < $1 OR seq <= (SELECT max(seq) FROM changes) - $2)
                  AND seq < (SELECT max(seq) FROM changes)
                ORDER BY seq LIMIT $3)";
        const TOMBSTONES: &str = "
            DELETE FROM record_rows WHERE id IN (
                SELECT id FROM record_rows WHERE record IS NULL AND indexed_at < $1 ORDER BY indexed_at LIMIT $2)";
        // A part that is on its way arrives within minutes.
        const DEPARTURES: &str = "
            DELETE FROM departures WHERE did IN (SELECT did FROM departures WHERE at < $1 ORDER BY at LIMIT $2)";
        const GAPS: &str = "DELETE FROM gaps WHERE id <= (SELECT max(id) FROM gaps) - $1";
        let before = now - clock::micros(retention);
        let mut removed = 0;
        loop {
            let chunk = self
                .index
                .write(move |conn| {
                    // A tombstone that goes while a writer brings its record back would take the record with it.
                    lock(conn)?;
                    let log = conn.execute(LOG, &[v(before), v(MAX_LOG), v(CHUNK)])?;
                    conn.execute(GAPS, &[v(MAX_GAPS)])?;
                    let tombstones = conn.execute(TOMBSTONES, &[v(before), v(CHUNK)])?;
                    Ok::<_, Error>(log + tombstones + conn.execute(DEPARTURES, &[v(before), v(CHUNK)])?)
                })
                .await?;
            removed += chunk;
            if chunk == 0 {
                return Ok(removed);
            }
        }
    }
}
