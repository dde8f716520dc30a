//! Fields that only clients can read, written by compare and set (spec/sync.md §3.3).

use store::v;

use crate::Error;
use crate::updates::Tx;

/// A field as it is now, and whether that is what the caller wrote.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) written: bool,
    pub(crate) version: i64,
    pub(crate) value: Option<String>,
}

impl Outcome {
    /// How many bytes the field has that is about to be replaced, if its version is `expected`. `sql` selects that by id, account and
    /// version.
    pub(crate) fn size(
        tx: &mut Tx<'_, '_>,
        sql: &str,
        [id, account]: [&str; 2],
        expected: i64,
    ) -> Result<Option<i64>, Error> {
        Ok(tx.conn.query_opt(sql, &[v(id), v(account), v(expected)], |row| row.int(0))?)
    }

    /// What is there of somebody else's writing. `read` selects version and value by id and account; `what` is missing if there
    /// is nothing.
    pub(crate) fn current(
        tx: &mut Tx<'_, '_>,
        read: &str,
        [id, account]: [&str; 2],
        what: &'static str,
    ) -> Result<Self, Error> {
        let found = tx.conn.query_opt(read, &[v(id), v(account)], |row| {
            let value = row.opt_text(1)?.map(str::to_owned);
            Ok::<_, Error>(Self { written: false, version: row.int(0)?, value })
        })?;
        found.ok_or(Error::NotFound(what))
    }
}
