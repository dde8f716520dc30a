//! What a monitor sees of the federation: what waits, and for whom.

use std::time::Duration;

use store::{Conn, Database};
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// How often it is counted. Every instance counts the same.
const EVERY: Duration = Duration::from_secs(15);

/// What is counted, and what the number is called.
const COUNTED: [(&str, &str, &str); 4] = [
    (
        "belvedere_federation_queue",
        "Deliveries that wait",
        "SELECT count(*) FROM social_deliveries WHERE state = 'queued'",
    ),
    (
        "belvedere_federation_events_waiting",
        "Events that have not been made into deliveries",
        "SELECT count(*) FROM social_events WHERE failed = 0",
    ),
    (
        "belvedere_federation_events_failed",
        "Events that somebody has to decide about",
        "SELECT count(*) FROM social_events WHERE failed = 1",
    ),
    (
        "belvedere_federation_hosts_down",
        "Hosts that are only probed or given up",
        "SELECT count(*) FROM social_hosts WHERE unavailable = 1 OR retry_at IS NOT NULL",
    ),
];

/// Counts until it is told to stop.
pub(crate) async fn run(state: Database, stop: CancellationToken) {
    for (name, what, _) in COUNTED {
        metrics::describe_gauge!(name, what);
    }
    metrics::describe_counter!("belvedere_federation_deliveries_total", "Attempts to deliver, by outcome");
    metrics::describe_counter!("belvedere_federation_inbox_total", "Activities that came, by outcome");
    loop {
        match state.read(count).await {
            Ok(counts) => {
                for ((name, ..), count) in COUNTED.iter().zip(counts) {
                    metrics::gauge!(*name).set(u32::try_from(count).unwrap_or(u32::MAX));
                }
            }
            Err(error) => debug!(%error, "what waits cannot be counted"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

fn count(conn: &mut Conn<'_>) -> Result<Vec<i64>, store::Error> {
    COUNTED.iter().map(|(_, _, sql)| conn.query_one(sql, &[], |row| row.int(0))).collect()
}
