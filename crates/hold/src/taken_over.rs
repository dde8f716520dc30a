//! Counts that are added to those there are: what was counted here since, and what another registry kept.

use atproto::Did;
use store::{Conn, Value, v};

use crate::Stats;
use crate::stats::ADDED;

impl Stats {
    /// Adds these to what a hold has counted of a repository, in the transaction of whoever knows that they were not added before.
    pub fn add_to(&self, conn: &mut Conn<'_>, owner: &Did, repository: &str) -> Result<(), store::Error> {
        let sql = format!(
            "INSERT INTO hold_stats (owner_did, repository, pulls, pushes, last_pull, last_push)
            VALUES ($1, $2, $3, $4, $5, $6) {ADDED}"
        );
        let time = |time: Option<i64>| time.map_or(Value::Null, v);
        let (pulls, pushes) = (self.pulls.cast_signed(), self.pushes.cast_signed());
        let (pull, push) = (time(self.last_pull), time(self.last_push));
        conn.execute(&sql, &[v(owner.as_str()), v(repository), v(pulls), v(pushes), pull, push]).map(drop)
    }
}
