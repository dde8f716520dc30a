//! Artifacts.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::{Bytes, Moment};
use crate::Error;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Artifact {
    id: Label,
    account_id: Label,
    header: Bytes,
    header_version: i64,
    body: Bytes,
    body_version: i64,
    data_encryption_key: Bytes,
    #[serde(default)]
    seq: i64,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for Artifact {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_artifacts WHERE id = $1",
            &[v(&*self.id)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        conn.execute(
            "INSERT INTO sync_artifacts (id, account_id, header, header_version, body, body_version, data_key, seq,
                 created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET header = excluded.header, header_version = excluded.header_version,
                 body = excluded.body, body_version = excluded.body_version, data_key = excluded.data_key,
                 seq = excluded.seq, updated_at = excluded.updated_at",
            &[
                v(&*self.id),
                v(&*self.account_id),
                v(&self.header.0),
                v(self.header_version),
                v(&self.body.0),
                v(self.body_version),
                v(&self.data_encryption_key.0),
                v(self.seq),
                v(self.created_at.0),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}
