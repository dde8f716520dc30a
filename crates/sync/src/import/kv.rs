//! The key-value store.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::{Bytes, Moment};
use crate::Error;
use crate::values::add_keys;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    account_id: Label,
    key: Label,
    value: Option<Bytes>,
    version: i64,
    updated_at: Moment,
}

impl Item for Entry {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", &*self.key, &*self.account_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_values WHERE account_id = $1 AND key = $2",
            &[v(&*self.account_id), v(&*self.key)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        if stand == Stand::New {
            add_keys(conn, &self.account_id, 1)?;
        }
        conn.execute(
            "INSERT INTO sync_values (account_id, key, value, version, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (account_id, key) DO UPDATE SET value = excluded.value, version = excluded.version,
                 updated_at = excluded.updated_at",
            &[
                v(&*self.account_id),
                v(&*self.key),
                v(self.value.as_ref().map(|value| &value.0)),
                v(self.version),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}
