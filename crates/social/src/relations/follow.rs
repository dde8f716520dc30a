//! Follows, wherever both are at home.
//!
//! Which of the two is at home here decides what others are told: somebody here who follows somebody elsewhere asks their server, and
//! somebody elsewhere who follows somebody here is answered.

use store::{Conn, v};
use uuid::Uuid;

use super::block::is_blocked;
use crate::address::Addresses;
use crate::notifications::{self, Kind, Notified};
use crate::users::{self, INSTANCE, User};
use crate::{Error, Event, Id, counts};

/// What became of a wish to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Whether the follow counts already; otherwise somebody has to accept it.
    pub is_accepted: bool,
    /// What somebody here was told of it.
    pub notified: Option<Notified>,
}

struct Row {
    is_accepted: bool,
    activity_id: Option<String>,
}

fn row(conn: &mut Conn<'_>, follower: Id, followed: Id) -> Result<Option<Row>, Error> {
    let sql = "SELECT state, activity_id FROM social_follows WHERE follower = $1 AND followed = $2";
    conn.query_opt(sql, &[follower.into(), followed.into()], |row| {
        let activity_id = row.opt_text(1)?.map(str::to_owned);
        Ok(Row { is_accepted: row.text(0)? == "accepted", activity_id })
    })
}

/// Follows. `activity_id` is that of the Follow of somebody elsewhere. Doing it again changes nothing, except that a server that asks
/// again is answered again.
pub fn follow(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    follower: &User,
    followed: &User,
    activity_id: Option<&str>,
) -> Result<Followed, Error> {
    if follower.id == followed.id {
        return Err(Error::Invalid("nobody follows themselves".to_owned()));
    }
    if followed.is_deleted || followed.is_suspended || followed.uuid == INSTANCE {
        return Err(Error::NotFound("user"));
    }
    if follower.is_local() && follower.moved_to.is_some() {
        return Err(Error::Forbidden(users::HAS_MOVED));
    }
    if followed.is_local() && followed.moved_to.is_some() {
        return Err(Error::Forbidden("this user has moved to another account; follow that one"));
    }
    if is_blocked(conn, followed.id, follower.id)? {
        return Err(Error::Forbidden("this user cannot be followed"));
    }
    if is_blocked(conn, follower.id, followed.id)? {
        return Err(Error::Forbidden("unblock this user before you follow them"));
    }
    if let Some(row) = row(conn, follower.id, followed.id)? {
        return again(conn, now, follower, followed, &row, activity_id);
    }
    let is_asked = followed.approves_follows && !faults::mutant!("social-follow-not-asked");
    let is_accepted = followed.is_local() && !is_asked;
    let own = (!followed.is_local()).then(|| addresses.activity_of("follow", &Uuid::new_v4().to_string()));
    conn.execute(
        "INSERT INTO social_follows (follower, followed, state, activity_id, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        &[
            follower.id.into(),
            followed.id.into(),
            v(if is_accepted { "accepted" } else { "pending" }),
            v(activity_id.or(own.as_deref())),
            v(now),
        ],
    )?;
    if is_accepted {
        counts::follows(conn, follower.id.0, followed.id.0, 1)?;
    }
    if !followed.is_local() {
        Event::FollowRequested { follower: follower.id.0, followed: followed.id.0 }.write(conn, now)?;
        return Ok(Followed { is_accepted, notified: None });
    }
    if is_accepted && !follower.is_local() {
        answer(conn, now, follower.id, followed.id, activity_id, Answer::Welcome)?;
    }
    let kind = if is_accepted { Kind::Follow } else { Kind::FollowRequest };
    let notified = notifications::add(conn, now, followed.id, kind, follower.id, None)?;
    Ok(Followed { is_accepted, notified })
}

fn again(
    conn: &mut Conn<'_>,
    now: i64,
    follower: &User,
    followed: &User,
    row: &Row,
    activity_id: Option<&str>,
) -> Result<Followed, Error> {
    if let Some(activity_id) = activity_id {
        let sql = "UPDATE social_follows SET activity_id = $3 WHERE follower = $1 AND followed = $2";
        conn.execute(sql, &[follower.id.into(), followed.id.into(), v(activity_id)])?;
        if row.is_accepted && followed.is_local() {
            answer(conn, now, follower.id, followed.id, Some(activity_id), Answer::Still)?;
        }
    }
    Ok(Followed { is_accepted: row.is_accepted, notified: None })
}

/// What somebody elsewhere is told who asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// They may, from now on.
    Welcome,
    /// They may, as before.
    Still,
    /// They may not.
    No,
}

/// Tells the server of somebody elsewhere whether they may follow somebody here.
fn answer(
    conn: &mut Conn<'_>,
    now: i64,
    follower: Id,
    followed: Id,
    activity_id: Option<&str>,
    said: Answer,
) -> Result<(), Error> {
    let (follower, followed, activity_id) = (follower.0, followed.0, activity_id.map(str::to_owned));
    let is_new = said == Answer::Welcome;
    let event = match said {
        Answer::No => Event::FollowerRejected { follower, followed, activity_id },
        Answer::Welcome | Answer::Still => {
            Event::FollowerAccepted { follower, followed, activity_id, is_new }
        }
    };
    event.write(conn, now)
}

/// Lets a follow count that waits for it. `followed` accepts, be it somebody here or somebody elsewhere who was asked.
pub fn accept(
    conn: &mut Conn<'_>,
    now: i64,
    follower: &User,
    followed: &User,
) -> Result<Option<Notified>, Error> {
    let row = row(conn, follower.id, followed.id)?.ok_or(Error::NotFound("follow request"))?;
    if row.is_accepted {
        return Ok(None);
    }
    let sql =
        "UPDATE social_follows SET state = 'accepted', sent_at = NULL WHERE follower = $1 AND followed = $2";
    conn.execute(sql, &[follower.id.into(), followed.id.into()])?;
    counts::follows(conn, follower.id.0, followed.id.0, 1)?;
    if !followed.is_local() {
        return Ok(None);
    }
    if !follower.is_local() {
        answer(conn, now, follower.id, followed.id, row.activity_id.as_deref(), Answer::Welcome)?;
    }
    let sql = "DELETE FROM social_notifications WHERE user_id = $1 AND from_user_id = $2 AND kind = 'follow_request'";
    conn.execute(sql, &[followed.id.into(), follower.id.into()])?;
    notifications::add(conn, now, followed.id, Kind::Follow, follower.id, None)
}

/// Ends a follow that `followed` does not want, or does not want any more.
pub fn reject(conn: &mut Conn<'_>, now: i64, follower: &User, followed: &User) -> Result<(), Error> {
    let row = end(conn, follower.id, followed.id)?.ok_or(Error::NotFound("follower"))?;
    if followed.is_local() && !follower.is_local() {
        answer(conn, now, follower.id, followed.id, row.activity_id.as_deref(), Answer::No)?;
    }
    Ok(())
}

/// Ends a follow that `follower` does not want any more.
pub fn unfollow(conn: &mut Conn<'_>, now: i64, follower: &User, followed: &User) -> Result<(), Error> {
    let row = end(conn, follower.id, followed.id)?.ok_or(Error::NotFound("follow"))?;
    if follower.is_local() && !followed.is_local() {
        let (follower, followed) = (follower.id.0, followed.id.0);
        Event::Unfollowed { follower, followed, activity_id: row.activity_id }.write(conn, now)?;
    }
    Ok(())
}

/// Takes the row away, and what it counted for.
fn end(conn: &mut Conn<'_>, follower: Id, followed: Id) -> Result<Option<Row>, Error> {
    let Some(row) = row(conn, follower, followed)? else { return Ok(None) };
    let sql = "DELETE FROM social_follows WHERE follower = $1 AND followed = $2";
    conn.execute(sql, &[follower.into(), followed.into()])?;
    if row.is_accepted {
        counts::follows(conn, follower.0, followed.0, -1)?;
    }
    let sql = "DELETE FROM social_notifications WHERE user_id = $1 AND from_user_id = $2
               AND kind IN ('follow', 'follow_request')";
    conn.execute(sql, &[followed.into(), follower.into()])?;
    Ok(Some(row))
}
