//! Listing keys.

use server::Permission;
use store::{Row, v};
use time::OffsetDateTime;

use super::ApiKeys;
use crate::{Actor, Error, clock::from_micros, permissions::permission};

/// A key as lists show it: everything but the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The row id.
    pub id: String,
    /// The row id of its owner.
    pub user_id: String,
    /// What it is for, in its maker's words.
    pub name: String,
    /// Its first 11 characters.
    pub key_prefix: String,
    /// What it may do as long as its owner may, too. Names that no longer exist are left out.
    pub permissions: Vec<Permission>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it was last used, give or take a second.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<OffsetDateTime>,
}

impl ApiKeys {
    /// The keys of the acting user, or every key of every user for the local operator; newest first, revoked ones
    /// included.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ApiKey>, Error> {
        let acting = actor.clone();
        self.users
            .state
            .read(move |conn| {
                let owner = acting.acting(conn)?.user_id;
                conn.query(
                    "SELECT id, user_id, name, key_prefix, permissions, created_at, last_used_at, revoked_at \
                     FROM api_keys WHERE user_id = COALESCE($1, user_id) ORDER BY created_at DESC, id DESC",
                    &[v(owner.as_deref())],
                    api_key,
                )
            })
            .await
    }
}

fn api_key(row: &Row<'_>) -> Result<ApiKey, Error> {
    let id = row.string(0)?;
    Ok(ApiKey {
        user_id: row.string(1)?,
        name: row.string(2)?,
        key_prefix: row.string(3)?,
        permissions: stored_permissions(&id, row.text(4)?)?,
        created_at: from_micros(row.int(5)?),
        last_used_at: row.opt_int(6)?.map(from_micros),
        revoked_at: row.opt_int(7)?.map(from_micros),
        id,
    })
}

/// Reads the column `permissions`; names that do not exist (any more) grant nothing.
pub(super) fn stored_permissions(key_id: &str, json: &str) -> Result<Vec<Permission>, Error> {
    let names: Vec<String> = serde_json::from_str(json)
        .map_err(|source| Error::CorruptPermissions { key_id: key_id.to_owned(), source })?;
    Ok(names.iter().filter_map(|name| permission(name)).collect())
}
