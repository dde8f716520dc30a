//! Making a key.

use std::fmt;

use events::{Event, kinds};
use serde_json::json;
use server::Permission;
use store::{Conn, v};
use uuid::Uuid;

use super::{ApiKeys, secret::Secret};
use crate::{Actor, Error, clock::now_micros, operator, permissions};

pub(super) const MAX_NAME_CHARS: usize = 100;

/// A key that was just made. The only time the key itself can be seen.
#[derive(Clone)]
pub struct NewKey {
    /// The row id.
    pub id: String,
    /// What it is for, in its maker's words.
    pub name: String,
    /// The key: `hv_` and 32 hex digits. Show it once and forget it.
    pub key: String,
    /// Its first 11 characters, as lists show it.
    pub key_prefix: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
}

impl fmt::Debug for NewKey {
    // Written by hand so that no log ever shows the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("key_prefix", &self.key_prefix)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

impl ApiKeys {
    /// Makes a key that acts for `actor` and lists only what the actor holds. The local operator gains what it lists:
    /// whoever can run commands on the machine can do so anyway. The names of the permissions must exist.
    pub async fn create<S: AsRef<str>>(
        &self,
        actor: &Actor,
        name: &str,
        permissions: &[S],
    ) -> Result<NewKey, Error> {
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(Error::KeyName { max: MAX_NAME_CHARS });
        }
        let mut permissions = permissions::parse(permissions)?;
        permissions.sort_unstable();
        permissions.dedup();
        let secret = Secret::generate()?;
        let hash = secret.hash().to_hex();
        let key = NewKey {
            id: Uuid::now_v7().to_string(),
            name: name.to_owned(),
            key_prefix: secret.shown_prefix().to_owned(),
            key: secret.into_key(),
            permissions,
        };
        let (row, acting, operator_id, now) = (key.clone(), actor.clone(), Uuid::now_v7(), now_micros());
        self.users
            .state
            .write(move |conn| {
                let acting = acting.acting(conn)?;
                acting.check_grant(&row.permissions)?;
                let owner = match acting.user_id {
                    Some(user_id) => user_id,
                    None => operator::ensure_with(conn, operator_id, &row.permissions, now)?,
                };
                Ok::<_, Error>(row.insert(conn, &owner, &hash, now)?)
            })
            .await?;
        // The operator may have gained permissions that older keys of it list.
        self.users.changes.note();
        self.users.events.record(
            Event::new(kinds::API_KEY_CREATED)
                .actor(actor.did())
                .subject(&key.id)
                .detail(json!({ "name": key.name, "permissions": key.permission_names() })),
        );
        Ok(key)
    }
}

impl NewKey {
    fn permission_names(&self) -> Vec<&'static str> {
        self.permissions.iter().map(|permission| permission.name()).collect()
    }

    fn insert(&self, conn: &mut Conn<'_>, user_id: &str, hash: &str, now: i64) -> Result<(), store::Error> {
        let permissions = serde_json::Value::from(self.permission_names()).to_string();
        conn.execute(
            "INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, permissions, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[v(&self.id), v(user_id), v(&self.name), v(hash), v(&self.key_prefix), v(&permissions), v(now)],
        )?;
        Ok(())
    }
}
