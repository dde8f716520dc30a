//! What people were told.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, added, thought, user};
use super::value::Moment;
use crate::{Error, Id};

#[derive(Deserialize)]
pub(super) struct Notification {
    id: String,
    user_id: String,
    #[serde(rename = "notification_type")]
    kind: String,
    from_user_id: Option<String>,
    thought_id: Option<String>,
    read: bool,
    created_at: Moment,
}

impl Item for Notification {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.id.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        if !["like", "boost", "follow", "follow_request", "reply", "mention"].contains(&&*self.kind) {
            return Err(Trouble::refused(format!("there is no type {:?}", self.kind)));
        }
        let from =
            self.from_user_id.as_deref().ok_or_else(|| Trouble::refused("whoever it was of is gone"))?;
        let (told, from) = (user(conn, &self.user_id)?, user(conn, from)?);
        let thought = self.thought_id.as_deref().map(|uuid| thought(conn, uuid)).transpose()?;
        let (read, at) = (i64::from(self.read), self.created_at.0);
        let sql = "INSERT INTO social_notifications (id, uuid, user_id, kind, from_user_id, thought_id, read, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_notifications", at, |conn, id| {
            let params =
                [id.into(), v(&self.id), v(told), v(&self.kind), v(from), v(thought), v(read), v(at)];
            conn.execute(sql, &params)
        })?;
        Ok(added(made.is_some().into()))
    }
}
