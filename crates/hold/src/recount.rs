//! Counts that are taken over from elsewhere.

use atproto::Did;
use store::{Value, v};

use crate::{Error, Hold};

/// What is to be counted from; what is not said stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recount {
    /// Downloads of manifests.
    pub pulls: Option<i64>,
    /// Uploads of manifests.
    pub pushes: Option<i64>,
    /// In microseconds.
    pub last_pull: Option<i64>,
    /// In microseconds.
    pub last_push: Option<i64>,
}

impl Hold {
    /// Sets the counts of a repository. What was counted in the last second may be added to them.
    pub async fn set_stats(&self, owner: &Did, repository: &str, to: Recount) -> Result<(), Error> {
        let (owner, repository) = (owner.clone(), repository.to_owned());
        let written = self.inner().state.write(move |conn| {
            let sql = "INSERT INTO hold_stats (owner_did, repository, pulls, pushes, last_pull, last_push)
                VALUES ($1, $2, COALESCE(CAST($3 AS BIGINT), 0), COALESCE(CAST($4 AS BIGINT), 0), $5, $6)
                ON CONFLICT (owner_did, repository) DO UPDATE SET
                    version = hold_stats.version + 1,
                    pulls = COALESCE(CAST($3 AS BIGINT), hold_stats.pulls),
                    pushes = COALESCE(CAST($4 AS BIGINT), hold_stats.pushes),
                    last_pull = COALESCE(excluded.last_pull, hold_stats.last_pull),
                    last_push = COALESCE(excluded.last_push, hold_stats.last_push)";
            let number = |number: Option<i64>| number.map_or(Value::Null, v);
            let Recount { pulls, pushes, last_pull, last_push } = to;
            let counts = [pulls, pushes, last_pull, last_push].map(number);
            let [pulls, pushes, last_pull, last_push] = counts;
            conn.execute(sql, &[v(owner.as_str()), v(&repository), pulls, pushes, last_pull, last_push])
        });
        written.await?;
        Ok(())
    }
}
