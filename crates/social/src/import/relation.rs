//! Who is a top friend of whom, and who blocks whom.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, actor, added, user};
use super::value::Moment;
use crate::Error;

#[derive(Deserialize)]
pub(super) struct TopFriend {
    user_id: String,
    friend_id: String,
    position: i64,
}

#[derive(Deserialize)]
pub(super) struct Block {
    blocker_id: String,
    blocked_id: String,
    created_at: Moment,
}

#[derive(Deserialize)]
pub(super) struct BlockedActor {
    local_user_id: String,
    actor_url: String,
    created_at: Moment,
}

impl Item for TopFriend {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", self.friend_id, self.user_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        if !(1..=5).contains(&self.position) {
            return Err(Trouble::refused("there are five positions"));
        }
        let (user, friend) = (user(conn, &self.user_id)?, user(conn, &self.friend_id)?);
        let rows = conn.execute(
            "INSERT INTO social_top_friends (user_id, friend_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[v(user), v(friend), v(self.position)],
        )?;
        Ok(added(rows))
    }
}

impl Item for Block {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} by {}", self.blocked_id, self.blocker_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (blocker, blocked) = (user(conn, &self.blocker_id)?, user(conn, &self.blocked_id)?);
        block(conn, blocker, blocked, self.created_at)
    }
}

impl Item for BlockedActor {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} by {}", self.actor_url, self.local_user_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (blocker, blocked) = (user(conn, &self.local_user_id)?, actor(conn, &self.actor_url)?);
        block(conn, blocker, blocked, self.created_at)
    }
}

fn block(conn: &mut Conn<'_>, blocker: i64, blocked: i64, at: Moment) -> Result<Imported, Trouble> {
    if blocker == blocked {
        return Err(Trouble::refused("nobody blocks themselves"));
    }
    let rows = conn.execute(
        "INSERT INTO social_blocks (blocker, blocked, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[v(blocker), v(blocked), v(at.0)],
    )?;
    Ok(added(rows))
}
