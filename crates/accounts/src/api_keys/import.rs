//! Taking over keys of another server: they go on working, because a key is known by its hash.

use atproto::Did;
use data_encoding::HEXLOWER_PERMISSIVE;
use events::{Event, kinds};
use serde_json::json;
use server::Permission;
use store::{Conn, v};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{ApiKeys, create::MAX_NAME_CHARS, secret::SHOWN_CHARS};
use crate::{Error, Existing, Imported, clock::micros_of, imported::at};

/// A key as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedKey {
    /// The row id there; kept, unless it is taken here.
    pub id: String,
    /// Its owner, who must be a user here.
    pub owner: Did,
    /// What it is for. A name that is too long is cut.
    pub name: String,
    /// SHA-256 of the whole key, 64 hex digits.
    pub key_hash: String,
    /// Its first characters, to recognise it by.
    pub key_prefix: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
    /// When it was last used.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked, if it was. One that is revoked here stays so.
    pub revoked_at: Option<OffsetDateTime>,
}

impl ApiKeys {
    /// Takes over a key. The local operator does that: nothing is checked against what anybody may grant, and the key does
    /// no more than its owner may do here.
    pub async fn import(&self, new: ImportedKey, existing: Existing) -> Result<Imported, Error> {
        let row = new.into_row()?;
        let (name, permissions) = (row.name.clone(), row.permissions.clone());
        let (imported, id) = self.users.state.write(move |conn| row.put(conn, existing)).await?;
        if imported == Imported::Kept {
            return Ok(imported);
        }
        self.users.changes.note();
        if imported == Imported::Added {
            let detail = json!({ "imported": true, "name": name, "permissions": permissions });
            self.users.events.record(Event::new(kinds::API_KEY_CREATED).subject(&id).detail(detail));
        }
        Ok(imported)
    }
}

impl ImportedKey {
    fn into_row(self) -> Result<Row, Error> {
        let hash = self.key_hash.to_ascii_lowercase();
        if HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).map_or(0, |bytes| bytes.len()) != 32 {
            return Err(Error::KeyHash);
        }
        let name = self.name.chars().take(MAX_NAME_CHARS).collect::<String>();
        Ok(Row {
            id: self.id,
            fresh_id: Uuid::now_v7().to_string(),
            owner: self.owner,
            name: if name.is_empty() { "imported".to_owned() } else { name },
            hash,
            prefix: self.key_prefix.chars().take(SHOWN_CHARS).collect(),
            permissions: self.permissions.iter().map(|permission| permission.name()).collect(),
            created_at: at(self.created_at),
            last_used_at: self.last_used_at.map(micros_of),
            revoked_at: self.revoked_at.map(micros_of),
        })
    }
}

struct Row {
    id: String,
    /// For the case that the other is taken.
    fresh_id: String,
    owner: Did,
    name: String,
    hash: String,
    prefix: String,
    permissions: Vec<&'static str>,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl Row {
    /// What became of it, and the row id.
    fn put(&self, conn: &mut Conn<'_>, existing: Existing) -> Result<(Imported, String), Error> {
        let permissions = json!(self.permissions).to_string();
        let find = "SELECT id FROM api_keys WHERE key_hash = $1";
        match conn.query_opt(find, &[v(&self.hash)], |row| row.string(0))? {
            Some(id) if existing == Existing::Keep => Ok((Imported::Kept, id)),
            Some(id) => {
                conn.execute(
                    "UPDATE api_keys SET name = $2, permissions = $3, \
                       revoked_at = COALESCE(revoked_at, CAST($4 AS BIGINT)) WHERE id = $1",
                    &[v(&id), v(&self.name), v(&permissions), v(self.revoked_at)],
                )?;
                Ok((Imported::Replaced, id))
            }
            None => Ok((Imported::Added, self.insert(conn, &permissions)?)),
        }
    }

    fn insert(&self, conn: &mut Conn<'_>, permissions: &str) -> Result<String, Error> {
        let owner = "SELECT id FROM users WHERE did = $1";
        let owner: Option<String> = conn.query_opt(owner, &[v(self.owner.as_str())], |row| row.string(0))?;
        let owner = owner.ok_or_else(|| Error::NoSuchOwner(self.owner.to_string()))?;
        let taken =
            conn.query_opt("SELECT 1 FROM api_keys WHERE id = $1", &[v(&self.id)], |row| row.int(0))?;
        let id = if taken.is_some() { &self.fresh_id } else { &self.id };
        conn.execute(
            "INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, permissions, created_at, \
               last_used_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                v(id),
                v(&owner),
                v(&self.name),
                v(&self.hash),
                v(&self.prefix),
                v(permissions),
                v(self.created_at),
                v(self.last_used_at),
                v(self.revoked_at),
            ],
        )?;
        Ok(id.clone())
    }
}
