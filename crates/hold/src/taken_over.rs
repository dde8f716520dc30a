//! Counts that another registry kept.

use atproto::Did;
use store::{Conn, Value, v};

use crate::Stats;

impl Stats {
    /// Adds these to what a hold has counted of a repository, in the transaction of whoever knows that they were not added before.
    pub fn add_to(&self, conn: &mut Conn<'_>, owner: &Did, repository: &str) -> Result<(), store::Error> {
        let sql = "INSERT INTO hold_stats (owner_did, repository, pulls, pushes, last_pull, last_push)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (owner_did, repository) DO UPDATE SET
                pulls = hold_stats.pulls + excluded.pulls, pushes = hold_stats.pushes + excluded.pushes,
                last_pull = CASE WHEN hold_stats.last_pull > excluded.last_pull THEN hold_stats.last_pull
                    ELSE COALESCE(excluded.last_pull, hold_stats.last_pull) END,
                last_push = CASE WHEN hold_stats.last_push > excluded.last_push THEN hold_stats.last_push
                    ELSE COALESCE(excluded.last_push, hold_stats.last_push) END";
        let time = |time: Option<i64>| time.map_or(Value::Null, v);
        let (pulls, pushes) = (self.pulls.cast_signed(), self.pushes.cast_signed());
        let (pull, push) = (time(self.last_pull), time(self.last_push));
        conn.execute(sql, &[v(owner.as_str()), v(repository), v(pulls), v(pushes), pull, push]).map(drop)
    }
}
