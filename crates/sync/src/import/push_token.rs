//! Devices that are notified.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Trouble, require_account};
use super::value::Moment;
use crate::Error;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PushToken {
    id: Label,
    account_id: Label,
    token: Label,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for PushToken {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        require_account(conn, &self.account_id)?;
        let added = conn.execute(
            "INSERT INTO sync_push_tokens (id, account_id, token, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &[
                v(&*self.id),
                v(&*self.account_id),
                v(&*self.token),
                v(self.created_at.0),
                v(self.updated_at.0),
            ],
        )?;
        Ok(if added > 0 { Imported::Added } else { Imported::Kept })
    }
}
