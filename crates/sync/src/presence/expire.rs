//! Whoever has not been heard of for ten minutes is not active any more.

use std::sync::Arc;

use serde_json::json;
use store::v;
use tracing::warn;

use super::{Kind, Presence, lock};
use crate::Error;
use crate::updates::Audience;
use crate::wire::millis;

/// Without a sign of life for this long, in microseconds.
const SILENT: i64 = 10 * 60 * 1_000_000;

/// A row that fell silent: its account, its id, when it was last heard of.
type Row = (String, String, i64);

impl Presence {
    /// Of several instances one finds each row.
    pub(crate) async fn expire(&self) {
        for kind in [Kind::Session, Kind::Machine] {
            let sql = match kind {
                Kind::Session => {
                    "UPDATE sync_sessions SET active = 0, updated_at = $2
                     WHERE active = 1 AND active_at <= $1 RETURNING account_id, id, active_at"
                }
                Kind::Machine => {
                    "UPDATE sync_machines SET active = 0, updated_at = $2
                     WHERE active = 1 AND active_at <= $1 RETURNING account_id, id, active_at"
                }
            };
            let expired = self.relay.state().write(move |conn| {
                let now = clock::now_micros();
                conn.query(sql, &[v(now - SILENT), v(now)], |row| {
                    Ok::<Row, Error>((row.string(0)?, row.string(1)?, row.int(2)?))
                })
            });
            match expired.await {
                Ok(rows) => rows.into_iter().for_each(|row| self.tell_expired(kind, row)),
                Err(error) => warn!(%error, "whoever fell silent was not found; next time"),
            }
        }
    }

    fn tell_expired(&self, kind: Kind, (account, id, at): Row) {
        lock(&self.heard.beats).retain(|subject, _| subject.kind != kind || *subject.id != *id);
        let account: Arc<str> = account.into();
        match kind {
            Kind::Machine => self.tell_machine(&account, &id, false, at),
            Kind::Session => {
                let body = json!({
                    "type": "activity", "id": id, "active": false, "activeAt": millis(at), "thinking": false,
                });
                self.relay.mention(&account, &Audience::Users, &body);
            }
        }
    }
}
