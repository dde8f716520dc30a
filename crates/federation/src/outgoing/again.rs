//! Follows that nobody has answered for a day are sent once more (spec/social.md §4.9): the first may have come to a server that lost it.

use std::time::Duration;

use social::Id;
use store::{Conn, Database, v};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::{Making, Terms, follows};
use crate::Error;
use crate::delivery::Bell;
use crate::names::Names;

/// How long somebody has for an answer.
const PATIENCE: Duration = Duration::from_hours(24);

/// How often somebody looks; never more often than the second.
const EVERY: Duration = Duration::from_mins(10);
const AT_MOST_EVERY: Duration = Duration::from_millis(200);

/// Sent by one transaction.
const BATCH: i64 = 100;

/// Looks until it is told to stop. Time passes `scale` times as fast as usual.
pub(crate) async fn run(
    state: Database,
    names: Names,
    terms: Terms,
    deliveries: Bell,
    scale: u32,
    stop: CancellationToken,
) {
    let scale = scale.max(1);
    let (patience, every) = (clock::micros(PATIENCE / scale), (EVERY / scale).max(AT_MOST_EVERY));
    loop {
        let names = names.clone();
        let sent = state.write(move |conn| turn(conn, clock::now_micros(), patience, &names, terms)).await;
        match sent {
            Ok(0) => {}
            Ok(sent) => {
                debug!(sent, "follows that nobody answered are sent once more");
                deliveries.ring();
                if i64::try_from(sent).is_ok_and(|sent| sent == BATCH) && !stop.is_cancelled() {
                    continue;
                }
            }
            Err(error) => debug!(%error, "follows that nobody answered wait"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Sends those that are due. How many there were.
fn turn(conn: &mut Conn<'_>, now: i64, patience: i64, names: &Names, terms: Terms) -> Result<usize, Error> {
    let due = due(conn, now - patience)?;
    for (follower, followed) in &due {
        follows::asked_again(&mut Making { conn, now, names, terms }, *follower, *followed)?;
    }
    Ok(due.len())
}

/// Those that were sent before `until` and have arrived, as far as is known: what still waits for a host that is down need not be sent
/// twice.
fn due(conn: &mut Conn<'_>, until: i64) -> Result<Vec<(Id, Id)>, Error> {
    conn.query(
        "SELECT f.follower, f.followed FROM social_follows f WHERE f.state = 'pending' AND f.sent_at IS NOT NULL AND f.sent_at < $1
            AND NOT EXISTS (SELECT 1 FROM social_activities a JOIN social_deliveries d ON d.activity = a.id
                WHERE a.address = f.activity_id AND d.state = 'queued')
         ORDER BY f.sent_at LIMIT $2",
        &[v(until), v(BATCH)],
        |row| Ok((Id(row.int(0)?), Id(row.int(1)?))),
    )
}
