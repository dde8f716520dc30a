//! Each activity has its effect once.

use activitypub::object::Activity;
use activitypub::signature::digest;
use store::{Conn, Error, v};

/// What an activity is remembered by: its id, or if it has none, what it says.
pub(super) fn key(activity: &Activity<'_>, body: &[u8]) -> String {
    if faults::mutant!("federation-done-again") {
        return clock::now_micros().to_string();
    }
    activity.id.as_ref().map_or_else(|| format!("{} {}", activity.actor, digest(body)), ToString::to_string)
}

/// Whether it has had its effect, for those who need not do all the work again.
pub(super) fn is_done(conn: &mut Conn<'_>, key: &str) -> Result<bool, Error> {
    let find = "SELECT 1 FROM social_processed WHERE activity_id = $1";
    Ok(conn.query_opt(find, &[v(key)], |row| row.int(0))?.is_some())
}

/// Whether this transaction is the one.
pub(super) fn first(conn: &mut Conn<'_>, now: i64, key: &str) -> Result<bool, Error> {
    let keep =
        "INSERT INTO social_processed (activity_id, processed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(conn.execute(keep, &[v(key), v(now)])? > 0)
}
