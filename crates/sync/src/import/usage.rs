//! Reports of usage.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble};
use super::value::Moment;
use crate::Error;
use crate::usage::Figures;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageReport {
    id: Label,
    account_id: Label,
    session_id: Option<Label>,
    key: Label,
    data: Usage,
    created_at: Moment,
    updated_at: Moment,
}

#[derive(Deserialize)]
struct Usage {
    tokens: Figures,
    cost: Figures,
}

impl Item for UsageReport {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        let session = self.session_id.as_deref().unwrap_or_default();
        let stand = Stand::of_account(
            conn,
            "SELECT account_id, updated_at FROM sync_usage_reports
             WHERE account_id = $1 AND session_id = $2 AND key = $3",
            &[v(&*self.account_id), v(session), v(&*self.key)],
            &self.account_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        let json = |figures: &Figures| {
            serde_json::to_string(figures).map_err(|error| crate::Error::Encoding(error.into()))
        };
        conn.execute(
            "INSERT INTO sync_usage_reports (id, account_id, session_id, key, tokens, cost, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (account_id, session_id, key) DO UPDATE SET tokens = excluded.tokens, cost = excluded.cost,
                 updated_at = excluded.updated_at",
            &[
                v(&*self.id),
                v(&*self.account_id),
                v(session),
                v(&*self.key),
                v(&json(&self.data.tokens)?),
                v(&json(&self.data.cost)?),
                v(self.created_at.0),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}
