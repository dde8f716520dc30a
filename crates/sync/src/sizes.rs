//! How many rows there are, for metrics (spec/sync.md §10.4).

use std::time::Duration;

use metrics::gauge;
use store::{Conn, Database, Engine, Error};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::telemetry::RECORDS;

const EVERY: Duration = Duration::from_mins(1);

/// Counting takes at most one part in so many of the time: it comes less often where it takes longer.
const SHARE: u32 = 200;

/// `SQLite` keeps no figures, so the rows are counted, beside whoever else reads, in indexes where there are some. Messages are as many as
/// their sessions have numbered: numbers have no gaps, and messages go with their session only.
const COUNTED: [(&str, &str); 4] = [
    ("accounts", "SELECT COUNT(*) FROM sync_accounts"),
    ("sessions", "SELECT COUNT(*) FROM sync_sessions"),
    ("messages", "SELECT COALESCE(SUM(seq), 0) FROM sync_sessions"),
    ("machines", "SELECT COUNT(*) FROM sync_machines"),
];

macro_rules! estimated {
    ($table:literal) => {
        concat!(
            "SELECT CASE WHEN reltuples >= 10000 THEN CAST(reltuples AS BIGINT)
                         ELSE (SELECT COUNT(*) FROM (SELECT 1 FROM ",
            $table,
            " LIMIT 10000) few) END
             FROM pg_catalog.pg_class WHERE oid = '",
            $table,
            "'::regclass"
        )
    };
}

/// `PostgreSQL` knows about how many rows there are; few are counted.
const ESTIMATED: [(&str, &str); 4] = [
    ("accounts", estimated!("sync_accounts")),
    ("sessions", estimated!("sync_sessions")),
    ("messages", estimated!("sync_messages")),
    ("machines", estimated!("sync_machines")),
];

/// Until `stop`.
pub(crate) async fn run(state: Database, stop: CancellationToken) {
    loop {
        let started = Instant::now();
        match state.read(count).await {
            Ok(counts) => counts.into_iter().for_each(|(table, rows)| {
                #[expect(clippy::cast_precision_loss, reason = "nobody counts that far")]
                gauge!(RECORDS, "table" => table).set(rows as f64);
            }),
            Err(error) => debug!(%error, "rows were not counted"),
        }
        let pause = EVERY.max(started.elapsed() * SHARE);
        if stop.run_until_cancelled(sleep(pause)).await.is_none() {
            return;
        }
    }
}

fn count(conn: &mut Conn<'_>) -> Result<Vec<(&'static str, i64)>, Error> {
    let statements = match conn.engine() {
        Engine::Sqlite => COUNTED,
        Engine::Postgres => ESTIMATED,
    };
    let rows = |(table, sql)| Ok((table, conn.query_one(sql, &[], |row| row.int(0))?));
    statements.into_iter().map(rows).collect()
}
