//! Sessions.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::{Bytes, Moment};
use crate::Error;
use crate::wire::{Label, Opaque};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    id: Label,
    account_id: Label,
    tag: Label,
    #[serde(default)]
    seq: i64,
    metadata: Opaque,
    metadata_version: i64,
    agent_state: Option<Opaque>,
    agent_state_version: i64,
    data_encryption_key: Option<Bytes>,
    active: bool,
    last_active_at: Moment,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for Session {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_sessions WHERE id = $1",
            &[v(&*self.id)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        let sql = "SELECT id FROM sync_sessions WHERE account_id = $1 AND tag = $2 AND id <> $3";
        let key = [v(&*self.account_id), v(&*self.tag), v(&*self.id)];
        if let Some(other) = conn.query_opt(sql, &key, |row| row.string(0))? {
            return Err(Trouble::refused(format!("the session {other}, which began here, has its tag")));
        }
        conn.execute(
            "INSERT INTO sync_sessions (id, account_id, tag, seq, metadata, metadata_version, agent_state,
                 agent_state_version, data_key, active, active_at, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (id) DO UPDATE SET tag = excluded.tag,
                 seq = CASE WHEN excluded.seq > sync_sessions.seq THEN excluded.seq ELSE sync_sessions.seq END,
                 metadata = excluded.metadata, metadata_version = excluded.metadata_version,
                 agent_state = excluded.agent_state, agent_state_version = excluded.agent_state_version,
                 data_key = excluded.data_key, active = excluded.active, active_at = excluded.active_at,
                 updated_at = excluded.updated_at",
            &[
                v(&*self.id),
                v(&*self.account_id),
                v(&*self.tag),
                v(self.seq.max(0)),
                v(&*self.metadata),
                v(self.metadata_version),
                v(self.agent_state.as_deref()),
                v(self.agent_state_version),
                v(self.data_encryption_key.as_ref().map(|key| &key.0)),
                v(self.active),
                v(self.last_active_at.0),
                v(self.created_at.0),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}
