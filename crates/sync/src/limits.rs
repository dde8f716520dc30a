//! How much one account may have and one request may bring.

use store::{Conn, v};

use crate::Error;

/// The largest body of the routes that carry what only clients can read (spec/sync.md §0).
pub(crate) const MAX_BODY: usize = 100 * 1024 * 1024;

/// Sessions of an account.
pub(crate) const MAX_SESSIONS: i64 = 50_000;

/// Machines of an account.
pub(crate) const MAX_MACHINES: i64 = 1_000;

/// Artifacts of an account.
pub(crate) const MAX_ARTIFACTS: i64 = 10_000;

/// Keys of an account in the key-value store, deleted ones among them.
pub(crate) const MAX_VALUES: i64 = 20_000;

/// Reports of usage of an account; as many as are summed up.
pub(crate) const MAX_REPORTS: i64 = 50_000;

/// People that an account stands in some way to.
pub(crate) const MAX_RELATIONSHIPS: i64 = 10_000;

/// Keys of machines to sessions of an account.
pub(crate) const MAX_ACCESS_KEYS: i64 = 50_000;

/// Devices of an account that are notified.
pub(crate) const MAX_PUSH_TOKENS: i64 = 100;

/// One attachment, in bytes (spec/sync.md §2.13).
pub(crate) const MAX_ATTACHMENT: usize = 10 * 1024 * 1024;

/// All attachments of an account, in bytes.
pub(crate) const MAX_ATTACHMENTS: i64 = 2 * 1024 * 1024 * 1024;

/// How many rows of a kind the account has. Asked when one is added, which is rare beside what is done with them.
pub(crate) fn count(conn: &mut Conn<'_>, sql: &'static str, account: &str) -> Result<i64, Error> {
    Ok(conn.query_one(sql, &[v(account)], |row| row.int(0))?)
}
