//! Likes and boosts.

use accounts::imported::Item;
use accounts::{Imported, Vault};
use serde::Deserialize;
use store::{Conn, v};
use uuid::Uuid;

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
    type Context = Vault;
    type Error = Error;

    fn name(&self) -> String {
        self.0.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Vault) -> Result<Imported, Trouble> {
        let sql = "INSERT INTO social_likes (id, uuid, user_id, thought_id, ap_id, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let (rows, thought) = self.0.put(conn, sql)?;
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
    type Context = Vault;
    type Error = Error;

    fn name(&self) -> String {
        self.0.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Vault) -> Result<Imported, Trouble> {
        let (rows, thought) = self.0.put(conn, BOOST)?;
        if rows > 0 {
            counts::boosts(conn, thought, 1)?;
        }
        Ok(added(rows))
    }
}

impl Item for Announce {
    type Context = Vault;
    type Error = Error;

    fn name(&self) -> String {
        self.activity_id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Vault) -> Result<Imported, Trouble> {
        let booster = actor(conn, &self.actor_url)?;
        let uuid_here = self.object_url.rsplit_once("/thoughts/").map_or("", |(_, uuid)| uuid);
        let sql = "SELECT id FROM social_thoughts WHERE ap_id = $1 OR (ap_id IS NULL AND uuid = $2)";
        let found = conn.query_opt(sql, &[v(&self.object_url), v(uuid_here)], |row| row.int(0))?;
        let thought = found.ok_or_else(|| Trouble::refused("what it announces is not here"))?;
        let rows = conn.execute(
            BOOST,
            &[
                Id::at(self.announced_at.0).into(),
                v(&Uuid::new_v4().to_string()),
                v(booster),
                v(thought),
                v(&self.activity_id),
                v(self.announced_at.0),
            ],
        )?;
        if rows > 0 {
            counts::boosts(conn, thought, 1)?;
        }
        Ok(added(rows))
    }
}

impl Row {
    /// How many rows came of it, and what it is about.
    fn put(&self, conn: &mut Conn<'_>, sql: &str) -> Result<(u64, i64), Trouble> {
        let (user, thought) = (user(conn, &self.user_id)?, thought(conn, &self.thought_id)?);
        let rows = conn.execute(
            sql,
            &[
                Id::at(self.created_at.0).into(),
                v(&self.id),
                v(user),
                v(thought),
                v(self.ap_id.as_deref()),
                v(self.created_at.0),
            ],
        )?;
        Ok((rows, thought))
    }
}
