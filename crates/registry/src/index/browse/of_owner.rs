//! The repositories of one owner.

use atproto::Did;
use store::v;

use super::card::{COLUMNS, Card, JOINS};
use crate::index::Index;

impl Index {
    /// Those behind `after`, in the order of their names.
    pub(crate) async fn of_owner(
        &self,
        owner: &Did,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Card>, store::Error> {
        let (owner, after) = (owner.clone(), after.to_owned());
        let read = self.database.read(move |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM registry_repositories r {JOINS}
                WHERE r.did = $1 AND r.repository > $2 AND r.pushed_at IS NOT NULL
                ORDER BY r.repository LIMIT $3"
            );
            conn.query(&sql, &[v(owner.as_str()), v(&after), v(limit)], Card::read)
        });
        read.await
    }

    /// The names of those that somebody likes, behind the row `after`, and what their rows are called.
    pub(crate) async fn stars_of(
        &self,
        who: &Did,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, String, String)>, store::Error> {
        let who = who.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT record_id, owner, repository FROM registry_stars
                WHERE did = $1 AND record_id > $2 ORDER BY record_id LIMIT $3";
            conn.query(sql, &[v(who.as_str()), v(after), v(limit)], |row| {
                Ok((row.int(0)?, row.string(1)?, row.string(2)?))
            })
        });
        read.await
    }
}
