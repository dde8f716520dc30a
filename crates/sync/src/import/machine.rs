//! Machines.

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
pub(super) struct Machine {
    id: Label,
    account_id: Label,
    metadata: Opaque,
    metadata_version: i64,
    daemon_state: Option<Opaque>,
    daemon_state_version: i64,
    data_encryption_key: Option<Bytes>,
    active: bool,
    last_active_at: Moment,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for Machine {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_machines WHERE id = $1",
            &[v(&*self.id)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        conn.execute(
            "INSERT INTO sync_machines (id, account_id, metadata, metadata_version, daemon_state, daemon_state_version,
                 data_key, active, active_at, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata, metadata_version = excluded.metadata_version,
                 daemon_state = excluded.daemon_state, daemon_state_version = excluded.daemon_state_version,
                 data_key = excluded.data_key, active = excluded.active, active_at = excluded.active_at,
                 updated_at = excluded.updated_at",
            &[
                v(&*self.id),
                v(&*self.account_id),
                v(&*self.metadata),
                v(self.metadata_version),
                v(self.daemon_state.as_deref()),
                v(self.daemon_state_version),
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
