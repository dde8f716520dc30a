//! Listing keys.

use server::Permission;
use store::Row;
use time::OffsetDateTime;

use crate::{Accounts, Error, clock::from_micros, permissions::permission};

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

impl Accounts {
    /// Every key of every user, newest first, revoked ones included.
    pub async fn list_keys(&self) -> Result<Vec<ApiKey>, Error> {
        self.state
            .read(|conn| {
                conn.query(
                    "SELECT id, user_id, name, key_prefix, permissions, created_at, last_used_at, revoked_at \
                     FROM api_keys ORDER BY created_at DESC, id DESC",
                    &[],
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
