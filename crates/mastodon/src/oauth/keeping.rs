//! Forgets codes whose time is over, and apps that nobody signed in with.

use std::time::Duration;

use clock::{micros, now_micros};
use store::{Database, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

const EVERY: Duration = Duration::from_mins(10);

/// How long an app without a token is kept: anybody may register one.
const UNUSED: Duration = Duration::from_hours(7 * 24);

/// Until `stop`.
pub(crate) async fn run(state: Database, stop: CancellationToken) {
    loop {
        if let Err(error) = state.write(|conn| forget(conn, now_micros())).await {
            warn!(%error, "old codes and unused apps were not forgotten; next time");
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

fn forget(conn: &mut store::Conn<'_>, now: i64) -> Result<(), store::Error> {
    conn.execute("DELETE FROM social_oauth_codes WHERE ends_at <= $1", &[v(now)])?;
    conn.execute(
        "DELETE FROM social_oauth_apps WHERE id IN (
             SELECT id FROM social_oauth_apps a WHERE used_at < $1
               AND NOT EXISTS (SELECT 1 FROM social_oauth_tokens t WHERE t.app_id = a.id)
             ORDER BY used_at LIMIT 1000
         )",
        &[v(now - micros(UNUSED))],
    )?;
    Ok(())
}
