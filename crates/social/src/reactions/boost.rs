//! Boosts: a thought put before one's own followers.

use store::{Conn, v};
use uuid::Uuid;

use super::target;
use crate::notifications::{self, Kind, Notified};
use crate::users::{HAS_MOVED, User};
use crate::{Error, Event, Id, Visibility, counts};

/// What became of a boost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boosted {
    /// The boost, be it new or not.
    pub id: Id,
    /// Whether it is new.
    pub is_new: bool,
    /// What somebody here was told of it.
    pub notified: Option<Notified>,
}

/// Boosts a thought that everybody may see; `ap_id` and `at` are the address of the activity of somebody elsewhere and when it
/// was made. Doing it again changes nothing.
pub fn boost(
    conn: &mut Conn<'_>,
    now: i64,
    user: &User,
    thought: Id,
    ap_id: Option<&str>,
    at: Option<i64>,
) -> Result<Boosted, Error> {
    if user.is_local() && user.moved_to.is_some() {
        return Err(Error::Forbidden(HAS_MOVED));
    }
    let target = target(conn, user.id, thought)?;
    if !matches!(target.visibility, Visibility::Public | Visibility::Unlisted) {
        return Err(Error::Forbidden("only what everybody may see can be boosted"));
    }
    let at = at.unwrap_or(now).min(now);
    let uuid = Uuid::new_v4().to_string();
    let sql = "INSERT INTO social_boosts (id, uuid, user_id, thought_id, ap_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT DO NOTHING";
    let boosted = Id::insert(conn, "social_boosts", at, |conn, id| {
        conn.execute(sql, &[id.into(), v(&uuid), user.id.into(), thought.into(), v(ap_id), v(at)])
    })?;
    let Some(id) = boosted else {
        let sql = "SELECT id FROM social_boosts WHERE user_id = $1 AND thought_id = $2";
        let found = conn.query_opt(sql, &[user.id.into(), thought.into()], |row| row.int(0))?;
        // Otherwise somebody gave another boost its address.
        let id = found.map(Id).ok_or(Error::Taken("this boost is of something else"))?;
        return Ok(Boosted { id, is_new: false, notified: None });
    };
    counts::boosts(conn, thought.0, 1)?;
    if user.is_local() {
        let event = Event::BoostAdded { boost_uuid: uuid, user_id: user.id.0, thought_id: thought.0 };
        event.write(conn, now)?;
    }
    let notified = if target.author_is_local {
        notifications::add(conn, now, target.author, Kind::Boost, user.id, Some(thought))?
    } else {
        None
    };
    Ok(Boosted { id, is_new: true, notified })
}

/// Takes a boost back; which one it was.
pub fn unboost(conn: &mut Conn<'_>, now: i64, user: &User, thought: Id) -> Result<Option<Id>, Error> {
    let sql = "DELETE FROM social_boosts WHERE user_id = $1 AND thought_id = $2 RETURNING id, uuid";
    let read = |row: &store::Row<'_>| Ok::<_, Error>((row.int(0)?, row.string(1)?));
    let ended = conn.query_opt(sql, &[user.id.into(), thought.into()], read)?;
    let Some((id, boost_uuid)) = ended else { return Ok(None) };
    counts::boosts(conn, thought.0, -1)?;
    let sql =
        "DELETE FROM social_notifications WHERE kind = 'boost' AND from_user_id = $1 AND thought_id = $2";
    conn.execute(sql, &[user.id.into(), thought.into()])?;
    if user.is_local() {
        Event::BoostRemoved { boost_uuid, user_id: user.id.0, thought_id: thought.0 }.write(conn, now)?;
    }
    Ok(Some(Id(id)))
}
