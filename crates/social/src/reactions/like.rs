//! Likes.

use store::{Conn, v};
use uuid::Uuid;

use super::target;
use crate::notifications::{self, Kind, Notified};
use crate::users::User;
use crate::{Error, Event, Id, counts};

/// What became of a like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liked {
    /// Whether it is new.
    pub is_new: bool,
    /// What somebody here was told of it.
    pub notified: Option<Notified>,
}

/// Likes a thought; `ap_id` is the address of the activity of somebody elsewhere. Doing it again changes nothing.
pub fn like(
    conn: &mut Conn<'_>,
    now: i64,
    user: &User,
    thought: Id,
    ap_id: Option<&str>,
) -> Result<Liked, Error> {
    let target = target(conn, user.id, thought)?;
    let uuid = Uuid::new_v4().to_string();
    let sql = "INSERT INTO social_likes (id, uuid, user_id, thought_id, ap_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT DO NOTHING";
    let liked = Id::insert(conn, "social_likes", now, |conn, id| {
        conn.execute(sql, &[id.into(), v(&uuid), user.id.into(), thought.into(), v(ap_id), v(now)])
    })?;
    if liked.is_none() && !faults::mutant!("social-like-counted-twice") {
        return Ok(Liked { is_new: false, notified: None });
    }
    counts::likes(conn, thought.0, 1)?;
    if user.is_local() && !target.is_local {
        let event = Event::LikeAdded { like_uuid: uuid, user_id: user.id.0, thought_id: thought.0 };
        event.write(conn, now)?;
    }
    let notified = if target.author_is_local {
        notifications::add(conn, now, target.author, Kind::Like, user.id, Some(thought))?
    } else {
        None
    };
    Ok(Liked { is_new: true, notified })
}

/// Takes a like back; whether there was one.
pub fn unlike(conn: &mut Conn<'_>, now: i64, user: &User, thought: Id) -> Result<bool, Error> {
    let sql = "DELETE FROM social_likes WHERE user_id = $1 AND thought_id = $2 RETURNING uuid";
    let ended = conn.query_opt(sql, &[user.id.into(), thought.into()], |row| row.string(0))?;
    let Some(like_uuid) = ended else { return Ok(false) };
    counts::likes(conn, thought.0, -1)?;
    let sql =
        "DELETE FROM social_notifications WHERE kind = 'like' AND from_user_id = $1 AND thought_id = $2";
    conn.execute(sql, &[user.id.into(), thought.into()])?;
    let sql = "SELECT local FROM social_thoughts WHERE id = $1";
    let is_local = conn.query_opt(sql, &[thought.into()], |row| row.bool(0))?.unwrap_or(true);
    if user.is_local() && !is_local {
        Event::LikeRemoved { like_uuid, user_id: user.id.0, thought_id: thought.0 }.write(conn, now)?;
    }
    Ok(true)
}
