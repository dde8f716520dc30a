//! Revoking a key.

use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::ApiKeys;
use crate::{Actor, Error, clock::now_micros};

impl ApiKeys {
    /// Ends a key for ever, on this instance at once and on others within seconds. Revoking it again changes nothing.
    /// Users revoke their own keys, the local operator anybody's.
    pub async fn revoke(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let (acting, key_id, now) = (actor.clone(), id.to_owned(), now_micros());
        let name = self
            .users
            .state
            .write(move |conn| {
                let owner = acting.acting(conn)?.user_id;
                conn.query_opt(
                    "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) \
                     WHERE id = $1 AND user_id = COALESCE($3, user_id) RETURNING name",
                    &[v(&key_id), v(now), v(owner.as_deref())],
                    |row| Ok::<_, Error>(row.string(0)?),
                )
            })
            .await?
            .ok_or_else(|| Error::NoSuchKey(id.to_owned()))?;
        self.users.changes.note();
        self.users.events.record(
            Event::new(kinds::API_KEY_REVOKED).actor(actor.did()).subject(id).detail(json!({ "name": name })),
        );
        Ok(())
    }
}
