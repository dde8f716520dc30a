//! Forgets what is done: deliveries, activities that nobody waits for, ids of activities, and old tombstones.

use std::time::Duration;

use store::{Conn, Database, v};
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// How often.
const EVERY: Duration = Duration::from_mins(10);

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Rows that one transaction removes.
const BATCH: i64 = 2_000;

/// What is removed after how many days: more than any signature counts (spec/social.md §4.7, §5.3). Activities go after their
/// deliveries.
const SWEEPS: [(&str, i64); 5] = [
    ("DELETE FROM social_deliveries WHERE id IN (SELECT id FROM social_deliveries WHERE settled_at IS NOT NULL AND settled_at < $1 LIMIT $2)", 30),
    ("DELETE FROM social_activities WHERE id IN (SELECT a.id FROM social_activities a WHERE a.created_at < $1
        AND NOT EXISTS (SELECT 1 FROM social_deliveries d WHERE d.activity = a.id) LIMIT $2)", 30),
    ("DELETE FROM social_processed WHERE activity_id IN (SELECT activity_id FROM social_processed WHERE processed_at < $1 LIMIT $2)", 40),
    ("DELETE FROM social_tombstones WHERE ap_id IN (SELECT ap_id FROM social_tombstones WHERE deleted_at < $1 LIMIT $2)", 400),
    ("DELETE FROM social_hosts WHERE host IN (SELECT host FROM social_hosts WHERE unavailable = 0 AND failures = 0
        AND coalesce(last_success_at, 0) < $1 AND signature_form IS NULL LIMIT $2)", 90),
];

/// Keeps the tables small until it is told to stop.
pub(crate) async fn run(state: Database, stop: CancellationToken) {
    loop {
        let now = clock::now_micros();
        for (sweep, days) in SWEEPS {
            let until = now - days * DAY;
            let batch = move |conn: &mut Conn<'_>| conn.execute(sweep, &[v(until), v(BATCH)]);
            match state.write(batch).await {
                Ok(removed) if removed > 0 => debug!(removed, "what is done is forgotten"),
                Ok(_) => {}
                Err(error) => debug!(%error, "what is done is kept for now"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
