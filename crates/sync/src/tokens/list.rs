//! The tokens of an account.

use serde::Serialize;
use store::{Conn, v};

use crate::Error;
use crate::wire::millis;

/// A token, without what makes it one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenView {
    id: String,
    /// `login`, `terminal` or `device`.
    origin: String,
    /// What the client called itself when it got it.
    client: Option<String>,
    created_at: i64,
    last_used_at: i64,
    /// Whether it is the one that asks.
    current: bool,
}

/// Newest first.
pub(super) fn list(conn: &mut Conn<'_>, account: &str, current: &str) -> Result<Vec<TokenView>, Error> {
    conn.query(
        "SELECT id, origin, client, created_at, last_used_at FROM sync_tokens
         WHERE account_id = $1 ORDER BY created_at DESC, id DESC",
        &[v(account)],
        |row| {
            Ok(TokenView {
                id: row.string(0)?,
                origin: row.string(1)?,
                client: row.opt_text(2)?.map(str::to_owned),
                created_at: millis(row.int(3)?),
                last_used_at: millis(row.int(4)?),
                current: row.text(0)? == current,
            })
        },
    )
}
