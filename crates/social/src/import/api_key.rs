//! API keys: they go on working, because they are known by the same hash.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::Place;
use super::item::{Trouble, added, user};
use super::value::Moment;
use crate::{Error, Id};

#[derive(Deserialize)]
pub(super) struct ApiKey {
    id: String,
    user_id: String,
    key_hash: String,
    name: String,
    created_at: Moment,
}

impl Item for ApiKey {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} ({})", self.id, self.name)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Place) -> Result<Imported, Trouble> {
        let is_hash = self.key_hash.len() == 64 && self.key_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash {
            return Err(Trouble::refused("its hash is no SHA-256"));
        }
        let user = user(conn, &self.user_id)?;
        let (hash, at) = (self.key_hash.to_ascii_lowercase(), self.created_at.0);
        let sql = "INSERT INTO social_api_keys (id, uuid, user_id, key_hash, name, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_api_keys", at, |conn, id| {
            conn.execute(sql, &[id.into(), v(&self.id), v(user), v(&hash), v(&self.name), v(at)])
        })?;
        Ok(added(made.is_some().into()))
    }
}
