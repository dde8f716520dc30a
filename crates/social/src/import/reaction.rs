//! Likes and boosts.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};
use uuid::Uuid;

use super::Place;
use super::item::{Trouble, actor, added, thought, user};
use super::value::Moment;
use crate::{Error, Id, counts};

#[derive(Deserialize)]
struct Row {
    id: String,
    user_id: String,
    thought_id: String,
    ap_id: Option<String>,
    created_at: Moment,
}

#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Like(Row);

#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Boost(Row);

/// A boost from elsewhere, by addresses.
#[derive(Deserialize)]
pub(super) struct Announce {
    activity_id: String,
    object_url: String,
    actor_url: String,
    announced_at: Moment,
}

impl Item for Like {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.0.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let sql = "INSERT INTO social_likes (id, uuid, user_id, thought_id, ap_id, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let (rows, thought) = self.0.put(conn, "social_likes", sql)?;
        if rows > 0 {
            counts::likes(conn, thought, 1)?;
        }
        Ok(added(rows))
    }
}

/// What is boosted, by whom.
const BOOST: &str = "INSERT INTO social_boosts (id, uuid, user_id, thought_id, ap_id, created_at)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

impl Item for Boost {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.0.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (rows, thought) = self.0.put(conn, "social_boosts", BOOST)?;
        if rows > 0 {
            counts::boosts(conn, thought, 1)?;
        }
        Ok(added(rows))
    }
}

impl Item for Announce {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.activity_id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let booster = actor(conn, &self.actor_url)?;
        let uuid_here = self.object_url.rsplit_once("/thoughts/").map_or("", |(_, uuid)| uuid);
        let sql = "SELECT id FROM social_thoughts WHERE ap_id = $1 OR (ap_id IS NULL AND uuid = $2)";
        let found = conn.query_opt(sql, &[v(&self.object_url), v(uuid_here)], |row| row.int(0))?;
        let thought = found.ok_or_else(|| Trouble::refused("what it announces is not here"))?;
        let (uuid, at) = (Uuid::new_v4().to_string(), self.announced_at.0);
        let made = Id::insert(conn, "social_boosts", at, |conn, id| {
            conn.execute(BOOST, &[id.into(), v(&uuid), v(booster), v(thought), v(&self.activity_id), v(at)])
        })?;
        if made.is_some() {
            counts::boosts(conn, thought, 1)?;
        }
        Ok(added(made.is_some().into()))
    }
}

impl Row {
    /// How many rows came of it, and what it is about.
    fn put(&self, conn: &mut Conn<'_>, table: &'static str, sql: &str) -> Result<(u64, i64), Trouble> {
        let (user, thought) = (user(conn, &self.user_id)?, thought(conn, &self.thought_id)?);
        let (ap_id, at) = (self.ap_id.as_deref(), self.created_at.0);
        let made = Id::insert(conn, table, at, |conn, id| {
            conn.execute(sql, &[id.into(), v(&self.id), v(user), v(thought), v(ap_id), v(at)])
        })?;
        Ok((made.is_some().into(), thought))
    }
}
