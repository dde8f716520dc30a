//! Blocks (spec/social.md §6.4).

use store::{Conn, v};
use uuid::Uuid;

use super::follow::{reject, unfollow};
use crate::address::Addresses;
use crate::users::User;
use crate::{Error, Event, Id};

/// Whether `blocker` blocks `blocked`.
pub fn is_blocked(conn: &mut Conn<'_>, blocker: Id, blocked: Id) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM social_blocks WHERE blocker = $1 AND blocked = $2";
    Ok(conn.query_opt(sql, &[blocker.into(), blocked.into()], |row| row.int(0))?.is_some())
}

/// Blocks: neither follows the other any more, nor is a top friend. Doing it again changes nothing.
pub fn block(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    blocker: &User,
    blocked: &User,
) -> Result<(), Error> {
    if blocker.id == blocked.id {
        return Err(Error::Invalid("nobody blocks themselves".to_owned()));
    }
    let elsewhere = blocker.is_local() && !blocked.is_local();
    let activity_id = elsewhere.then(|| addresses.activity(&Uuid::new_v4().to_string()));
    let rows = conn.execute(
        "INSERT INTO social_blocks (blocker, blocked, activity_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        &[blocker.id.into(), blocked.id.into(), v(activity_id.as_deref()), v(now)],
    )?;
    if rows == 0 {
        return Ok(());
    }
    nothing_to_end(unfollow(conn, now, blocker, blocked))?;
    // They did not stop following by themselves: a server elsewhere learns it from the block, or did it before.
    if !faults::mutant!("social-block-keeps-follow") {
        let ended = if blocker.is_local() {
            reject(conn, now, blocked, blocker)
        } else {
            unfollow(conn, now, blocked, blocker)
        };
        nothing_to_end(ended)?;
    }
    let sql = "DELETE FROM social_top_friends WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1)";
    conn.execute(sql, &[blocker.id.into(), blocked.id.into()])?;
    let sql = "DELETE FROM social_notifications WHERE (user_id = $1 AND from_user_id = $2)
               OR (user_id = $2 AND from_user_id = $1)";
    conn.execute(sql, &[blocker.id.into(), blocked.id.into()])?;
    match activity_id {
        Some(activity_id) => {
            Event::Blocked { blocker: blocker.id.0, blocked: blocked.id.0, activity_id }.write(conn, now)
        }
        None => Ok(()),
    }
}

/// Ends a block. What it took away does not come back.
pub fn unblock(conn: &mut Conn<'_>, now: i64, blocker: &User, blocked: &User) -> Result<(), Error> {
    let sql = "DELETE FROM social_blocks WHERE blocker = $1 AND blocked = $2 RETURNING activity_id";
    let read = |row: &store::Row<'_>| Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned));
    let ended = conn.query_opt(sql, &[blocker.id.into(), blocked.id.into()], read)?;
    match ended.flatten() {
        Some(activity_id) if blocker.is_local() => {
            Event::Unblocked { blocker: blocker.id.0, blocked: blocked.id.0, activity_id }.write(conn, now)
        }
        _ => Ok(()),
    }
}

fn nothing_to_end(ended: Result<(), Error>) -> Result<(), Error> {
    match ended {
        Err(Error::NotFound(_)) => Ok(()),
        ended => ended,
    }
}
