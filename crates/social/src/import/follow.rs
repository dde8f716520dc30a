//! Who follows whom, which is in three tables there.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, actor, added, user};
use super::value::Moment;
use crate::{Error, counts};

/// Both are at home here.
#[derive(Deserialize)]
pub(super) struct Follow {
    follower_id: String,
    following_id: String,
    state: String,
    created_at: Moment,
}

/// Who is at home elsewhere follows somebody here.
#[derive(Deserialize)]
pub(super) struct Follower {
    local_user_id: String,
    remote_actor_url: String,
    status: String,
    follow_activity_id: String,
    created_at: Moment,
}

/// Somebody here follows who is at home elsewhere.
#[derive(Deserialize)]
pub(super) struct Following {
    local_user_id: String,
    remote_actor_url: String,
    status: String,
    follow_activity_id: String,
    created_at: Moment,
}

impl Item for Follow {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", self.follower_id, self.following_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (follower, followed) = (user(conn, &self.follower_id)?, user(conn, &self.following_id)?);
        put(conn, follower, followed, &self.state, None, self.created_at)
    }
}

impl Item for Follower {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", self.remote_actor_url, self.local_user_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (follower, followed) = (actor(conn, &self.remote_actor_url)?, user(conn, &self.local_user_id)?);
        put(conn, follower, followed, &self.status, Some(&self.follow_activity_id), self.created_at)
    }
}

impl Item for Following {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", self.local_user_id, self.remote_actor_url)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let (follower, followed) = (user(conn, &self.local_user_id)?, actor(conn, &self.remote_actor_url)?);
        put(conn, follower, followed, &self.status, Some(&self.follow_activity_id), self.created_at)
    }
}

fn put(
    conn: &mut Conn<'_>,
    follower: i64,
    followed: i64,
    state: &str,
    activity_id: Option<&str>,
    created_at: Moment,
) -> Result<Imported, Trouble> {
    if follower == followed {
        return Err(Trouble::refused("nobody follows themselves"));
    }
    match state {
        "pending" | "accepted" => {}
        "rejected" => return Err(Trouble::refused("it was rejected")),
        other => return Err(Trouble::refused(format!("there is no state {other:?}"))),
    }
    let rows = conn.execute(
        "INSERT INTO social_follows (follower, followed, state, activity_id, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        &[v(follower), v(followed), v(state), v(activity_id), v(created_at.0)],
    )?;
    if rows > 0 && state == "accepted" {
        counts::follows(conn, follower, followed, 1)?;
    }
    Ok(added(rows))
}
