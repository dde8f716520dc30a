//! How many keys an account has: counted as they come, since they stay as long as their account.

use store::{Conn, v};

use crate::Error;

/// Adds to the number of keys of an account those that are about to be written for the first time; how many there are then. A value
/// that is removed leaves its key, so nothing is ever taken away.
pub(crate) fn add_keys(conn: &mut Conn<'_>, account: &str, new: i64) -> Result<i64, Error> {
    let sql = "INSERT INTO sync_value_counts (account_id, keys) VALUES ($1, $2)
               ON CONFLICT (account_id) DO UPDATE SET keys = sync_value_counts.keys + excluded.keys
               RETURNING keys";
    Ok(conn.query_one(sql, &[v(account), v(new)], |row| row.int(0))?)
}
