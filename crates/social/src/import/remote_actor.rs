//! How to reach those who are at home elsewhere, and what is shown of them.

use accounts::Imported;
use accounts::imported::Item;
use activitypub::text::sanitize;
use serde::Deserialize;
use store::{Conn, v};
use uuid::Uuid;

use super::Place;
use super::item::Trouble;
use super::value::Moment;
use crate::users::name_key;
use crate::{Error, Id};

#[derive(Deserialize)]
pub(super) struct RemoteActor {
    url: String,
    handle: String,
    display_name: Option<String>,
    inbox_url: String,
    shared_inbox_url: Option<String>,
    public_key: String,
    last_fetched_at: Moment,
    avatar_url: Option<String>,
    outbox_url: Option<String>,
    bio: Option<String>,
    banner_url: Option<String>,
    followers_url: Option<String>,
    following_url: Option<String>,
}

impl Item for RemoteActor {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.handle.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let sql = "SELECT u.id, a.user_id IS NOT NULL FROM social_users u
                   LEFT JOIN social_remote_actors a ON a.user_id = u.id WHERE u.ap_id = $1";
        let found =
            conn.query_opt(sql, &[v(&self.url)], |row| Ok::<_, store::Error>((row.int(0)?, row.bool(1)?)))?;
        let id = match found {
            Some((_, true)) => return Ok(Imported::Kept),
            Some((id, false)) => {
                self.complete(conn, id)?;
                id
            }
            None => self.insert(conn)?,
        };
        conn.execute(
            "INSERT INTO social_remote_actors (user_id, inbox, shared_inbox, outbox, followers, following, key_id,
                 public_key, fetched_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                v(id),
                v(&self.inbox_url),
                v(self.shared_inbox_url.as_deref()),
                v(self.outbox_url.as_deref()),
                v(self.followers_url.as_deref()),
                v(self.following_url.as_deref()),
                // Its id is not kept there; it comes when the actor is fetched next.
                v(None::<&str>),
                v(&self.public_key),
                v(self.last_fetched_at.0),
            ],
        )?;
        Ok(Imported::Added)
    }
}

impl RemoteActor {
    /// What is known of somebody whose row is there.
    fn complete(&self, conn: &mut Conn<'_>, id: i64) -> Result<(), Trouble> {
        conn.execute(
            "UPDATE social_users SET display_name = $2, bio = $3, avatar_url = $4, header_url = $5, name_key = $6
             WHERE id = $1",
            &[
                v(id),
                v(self.display_name.as_deref()),
                v(self.bio.as_deref().map(sanitize).as_deref()),
                v(self.avatar_url.as_deref()),
                v(self.banner_url.as_deref()),
                v(name_key(self.display_name.as_deref()).as_deref()),
            ],
        )?;
        Ok(())
    }

    /// Somebody whom others here follow, or who follows them, and of whom there is nothing else.
    fn insert(&self, conn: &mut Conn<'_>) -> Result<i64, Trouble> {
        let parts = self.handle.trim_start_matches('@').rsplit_once('@');
        let (username, host) =
            parts.ok_or_else(|| Trouble::refused("its handle does not say where it is at home"))?;
        let handle_key = format!("{username}@{host}").to_lowercase();
        let (uuid, at) = (Uuid::new_v4().to_string(), self.last_fetched_at.0);
        let sql =
            "INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, created_at, updated_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_users", at, |conn, id| {
            let params = [id.into(), v(&uuid), v(username), v(host), v(&handle_key), v(&self.url), v(at)];
            conn.execute(sql, &params)
        })?;
        let id = made.ok_or_else(|| Trouble::refused("another address has that handle here"))?;
        conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[id.into()])?;
        self.complete(conn, id.0)?;
        Ok(id.0)
    }
}
