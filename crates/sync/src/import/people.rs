//! What accounts are to each other, and what they were told of it.

use accounts::Imported;
use accounts::imported::Item;
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::item::{Seals, Stand, Trouble, require_account};
use super::value::Moment;
use crate::Error;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    from_user_id: Label,
    to_user_id: Label,
    status: Label,
    last_notified_at: Option<Moment>,
    updated_at: Moment,
}

impl Item for Relationship {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        format!("{} to {}", &*self.from_user_id, &*self.to_user_id)
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        if !["none", "requested", "pending", "friend", "rejected"].contains(&&*self.status) {
            return Err(Trouble::refused(format!("there is no status {:?}", &*self.status)));
        }
        require_account(conn, &self.from_user_id)?;
        require_account(conn, &self.to_user_id)?;
        let stand = Stand::of(
            conn,
            "SELECT from_account, updated_at FROM sync_relationships WHERE from_account = $1 AND to_account = $2",
            &[v(&*self.from_user_id), v(&*self.to_user_id)],
            &self.from_user_id,
            self.updated_at.0,
        )?;
        if stand == Stand::Here {
            return Ok(Imported::Kept);
        }
        conn.execute(
            "INSERT INTO sync_relationships (from_account, to_account, status, notified_at, updated_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (from_account, to_account) DO UPDATE SET status = excluded.status,
                 notified_at = excluded.notified_at, updated_at = excluded.updated_at",
            &[
                v(&*self.from_user_id),
                v(&*self.to_user_id),
                v(&*self.status),
                v(self.last_notified_at.map(|at| at.0)),
                v(self.updated_at.0),
            ],
        )?;
        Ok(stand.imported())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FeedItem {
    id: Label,
    user_id: Label,
    counter: i64,
    repeat_key: Option<Label>,
    body: Box<RawValue>,
    created_at: Moment,
}

impl Item for FeedItem {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        require_account(conn, &self.user_id)?;
        let added = conn.execute(
            "INSERT INTO sync_feed_items (account_id, counter, id, repeat_key, body, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            &[
                v(&*self.user_id),
                v(self.counter),
                v(&*self.id),
                v(self.repeat_key.as_deref()),
                v(self.body.get()),
                v(self.created_at.0),
            ],
        )?;
        Ok(if added > 0 { Imported::Added } else { Imported::Kept })
    }
}
