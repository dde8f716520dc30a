//! Reading one's feed.

use serde::Serialize;
use serde_json::Value;
use store::{Conn, v};

use crate::Error;
use crate::wire::millis;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    id: String,
    body: Value,
    repeat_key: Option<String>,
    cursor: String,
    created_at: i64,
}

/// The number in a cursor.
pub(super) fn counter(cursor: &str) -> Result<i64, Error> {
    let counter = cursor.strip_prefix("0-").and_then(|counter| counter.parse().ok());
    counter.filter(|counter| *counter >= 0).ok_or(Error::Invalid("Invalid cursor format"))
}

/// Posts between two numbers, newest first.
pub(super) fn read(
    conn: &mut Conn<'_>,
    account: &str,
    after: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Post>, Error> {
    conn.query(
        "SELECT id, body, repeat_key, counter, created_at FROM sync_feed_items
         WHERE account_id = $1 AND counter > $2 AND counter < $3 ORDER BY counter DESC LIMIT $4",
        &[v(account), v(after), v(before), v(limit)],
        |row| {
            Ok(Post {
                id: row.string(0)?,
                body: serde_json::from_str(row.text(1)?).unwrap_or_default(),
                repeat_key: row.opt_text(2)?.map(str::to_owned),
                cursor: format!("0-{}", row.int(3)?),
                created_at: millis(row.int(4)?),
            })
        },
    )
}
