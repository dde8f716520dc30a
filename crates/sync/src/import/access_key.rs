//! Which machines may open which sessions.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble, require_session};
use super::value::Moment;
use crate::Error;
use crate::wire::{Label, Opaque};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessKey {
    account_id: Label,
    machine_id: Label,
    session_id: Label,
    data: Opaque,
    data_version: i64,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for AccessKey {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        format!("of the session {} for the machine {}", &*self.session_id, &*self.machine_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        require_session(conn, &self.session_id, Some(&self.account_id))?;
        let sql = "SELECT 1 FROM sync_machines WHERE id = $1 AND account_id = $2";
        if conn.query_opt(sql, &[v(&*self.machine_id), v(&*self.account_id)], |row| row.int(0))?.is_none() {
            return Err(Trouble::refused(format!("its machine {} was not taken over", &*self.machine_id)));
        }
        let stand = Stand::of(
            conn,
            "SELECT account_id, updated_at FROM sync_access_keys WHERE session_id = $1 AND machine_id = $2",
            &[v(&*self.session_id), v(&*self.machine_id)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        conn.execute(
            "INSERT INTO sync_access_keys (session_id, machine_id, account_id, data, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (session_id, machine_id) DO UPDATE SET data = excluded.data, version = excluded.version,
                 updated_at = excluded.updated_at",
            &[
                v(&*self.session_id),
                v(&*self.machine_id),
                v(&*self.account_id),
                v(&*self.data),
                v(self.data_version),
                v(self.created_at.0),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}
