//! A post to somebody's feed about somebody, not too often.

use std::sync::Arc;

use serde_json::{Value, json};
use store::v;

use crate::Error;
use crate::id::new_id;
use crate::updates::{Audience, Tx};
use crate::wire::millis;

/// About one person somebody hears once in this time, in microseconds.
const PAUSE: i64 = 24 * 3600 * 1_000_000;

/// Posts to `to` about `about`, unless `to` has refused them or has just heard of them.
pub(super) fn notify(
    tx: &mut Tx<'_, '_>,
    to: &Arc<str>,
    about: &Arc<str>,
    kind: &str,
    body: &Value,
) -> Result<(), Error> {
    let may = tx.conn.execute(
        "UPDATE sync_relationships SET notified_at = $3
         WHERE from_account = $1 AND to_account = $2 AND status <> 'rejected'
           AND (notified_at IS NULL OR notified_at < $4)",
        &[v(&**to), v(&**about), v(tx.now), v(tx.now - PAUSE)],
    )?;
    if may > 0 { post(tx, to, &format!("{kind}_{about}"), body) } else { Ok(()) }
}

/// Adds a post in the place of any other with the same repeat key.
fn post(tx: &mut Tx<'_, '_>, to: &Arc<str>, repeat_key: &str, body: &Value) -> Result<(), Error> {
    let sql = "DELETE FROM sync_feed_items WHERE account_id = $1 AND repeat_key = $2";
    tx.conn.execute(sql, &[v(&**to), v(repeat_key)])?;
    let counter = tx.conn.query_one(
        "UPDATE sync_accounts SET feed_seq = feed_seq + 1 WHERE id = $1 RETURNING feed_seq",
        &[v(&**to)],
        |row| row.int(0),
    )?;
    let id = new_id();
    tx.conn.execute(
        "INSERT INTO sync_feed_items (account_id, counter, id, repeat_key, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[v(&**to), v(counter), v(&id), v(repeat_key), v(&body.to_string()), v(tx.now)],
    )?;
    let told = json!({
        "t": "new-feed-post", "id": id, "body": body, "repeatKey": repeat_key,
        "cursor": format!("0-{counter}"), "createdAt": millis(tx.now),
    });
    tx.tell(to, Audience::Users, &told)
}
