//! Tokens of vendors, sealed anew.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::{Bytes, Moment};
use crate::Error;
use crate::vendors;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VendorToken {
    account_id: Label,
    vendor: Label,
    token: Bytes,
    updated_at: Moment,
}

impl Item for VendorToken {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} of {}", &*self.vendor, &*self.account_id)
    }

    fn put(&self, conn: &mut Conn<'_>, seals: &Seals) -> Result<Imported, Trouble> {
        let Some(old) = &seals.old else {
            return Err(Trouble::refused(
                "it is sealed, and HANDY_MASTER_SECRET of the old server was not given",
            ));
        };
        let path = ["user", &*self.account_id, "vendors", &*self.vendor, "token"];
        let opened = old.open(&path, &self.token.0).and_then(|token| String::from_utf8(token).ok());
        let Some(token) = opened else {
            return Err(Trouble::refused("it is sealed under another secret than the one that was given"));
        };
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_vendor_tokens WHERE account_id = $1 AND vendor = $2",
            &[v(&*self.account_id), v(&*self.vendor)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        if !vendors::import(conn, &seals.vault, &self.account_id, &self.vendor, &token)? {
            return Err(Trouble::refused("this server keeps no tokens of that vendor"));
        }
        Ok(stand.imported())
    }
}
