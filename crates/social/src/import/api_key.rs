//! API keys: they go on working, because they are known by the same hash.

use accounts::imported::Item;
use accounts::{Imported, Vault};
use serde::Deserialize;
use store::{Conn, v};

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
    type Context = Vault;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} ({})", self.id, self.name)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Vault) -> Result<Imported, Trouble> {
        let is_hash = self.key_hash.len() == 64 && self.key_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash {
            return Err(Trouble::refused("its hash is no SHA-256"));
        }
        let user = user(conn, &self.user_id)?;
        let rows = conn.execute(
            "INSERT INTO social_api_keys (id, uuid, user_id, key_hash, name, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            &[
                Id::at(self.created_at.0).into(),
                v(&self.id),
                v(user),
                v(&self.key_hash.to_ascii_lowercase()),
                v(&self.name),
                v(self.created_at.0),
            ],
        )?;
        Ok(added(rows))
    }
}
