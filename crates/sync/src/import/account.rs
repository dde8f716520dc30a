//! Accounts.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::Moment;
use crate::Error;
use crate::wire::{Label, Opaque, strict_hex_key};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    id: Label,
    public_key: Label,
    #[serde(default)]
    seq: i64,
    #[serde(default)]
    feed_seq: i64,
    settings: Option<Opaque>,
    #[serde(default)]
    settings_version: i64,
    github_user_id: Option<Label>,
    first_name: Option<Label>,
    last_name: Option<Label>,
    username: Option<Label>,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for Account {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, seals: &Seals) -> Result<Imported, Trouble> {
        let key = strict_hex_key(&self.public_key).ok_or_else(|| Trouble::refused("its key is no key"))?;
        let stand = Stand::of(
            conn,
            "SELECT id, updated_at FROM sync_accounts WHERE id = $1",
            &[v(&*self.id)],
            &self.id,
            self.updated_at.0,
        )?;
        let other = |conn: &mut Conn<'_>, sql, value: Option<&str>| {
            conn.query_opt(sql, &[v(value), v(&*self.id)], |row| row.string(0))
        };
        let sql = "SELECT id FROM sync_accounts WHERE public_key = $1 AND id <> $2";
        if let Some(other) = other(conn, sql, Some(&key))? {
            return Err(Trouble::refused(format!(
                "its key has begun anew here already, as the account {other}"
            )));
        }
        let sql = "SELECT id FROM sync_accounts WHERE username = $1 AND id <> $2";
        let username = match other(conn, sql, self.username.as_deref())? {
            None => self.username.as_deref(),
            Some(_) => None,
        };
        let sql = "SELECT id FROM sync_accounts WHERE github_id = $1 AND id <> $2";
        let github_id = match other(conn, sql, self.github_user_id.as_deref())? {
            None => self.github_user_id.as_deref(),
            Some(_) => None,
        };
        let voice_name = seals.old.as_ref().map(|old| old.voice_name(&self.id));
        if stand == Stand::Here {
            // It may have come before without the secret; what was used since the old server knows nothing of.
            if let Some(name) = voice_name {
                let sql = "UPDATE sync_accounts SET voice_name = $2 WHERE id = $1 AND imported = 1";
                conn.execute(sql, &[v(&*self.id), v(&name)])?;
            }
            return Ok(Imported::Kept);
        }
        conn.execute(
            "INSERT INTO sync_accounts (id, public_key, username, first_name, last_name, github_id, settings,
                 settings_version, feed_seq, imported, created_at, updated_at, voice_name)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12)
             ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, username = excluded.username,
                 first_name = excluded.first_name, last_name = excluded.last_name, github_id = excluded.github_id,
                 settings = excluded.settings, settings_version = excluded.settings_version,
                 feed_seq = CASE WHEN excluded.feed_seq > sync_accounts.feed_seq THEN excluded.feed_seq
                                 ELSE sync_accounts.feed_seq END,
                 imported = 1, updated_at = excluded.updated_at,
                 voice_name = COALESCE(excluded.voice_name, sync_accounts.voice_name)",
            &[
                v(&*self.id),
                v(&key),
                v(username),
                v(self.first_name.as_deref()),
                v(self.last_name.as_deref()),
                v(github_id),
                v(self.settings.as_deref()),
                v(self.settings_version),
                v(self.feed_seq),
                v(self.created_at.0),
                v(self.updated_at.0),
                v(voice_name.as_deref()),
            ],
        )?;
        // Clients have seen what the old server counted up to.
        conn.execute(
            "INSERT INTO sync_account_seqs (account_id, seq) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET seq = excluded.seq WHERE sync_account_seqs.seq < excluded.seq",
            &[v(&*self.id), v(self.seq.max(0))],
        )?;
        Ok(stand.imported())
    }
}
