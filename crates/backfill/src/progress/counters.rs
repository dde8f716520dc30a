//! The figures of a job.

use store::{Conn, Error, v};

use super::RepoState;

/// How many repositories are how far, and how many records were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) total: i64,
    pub(crate) resolved: i64,
    pub(crate) processed: i64,
    pub(crate) failed: i64,
    pub(crate) records: i64,
}

impl Counters {
    fn add(&mut self, state: RepoState, repos: i64, records: i64) {
        self.total += repos;
        self.records += records;
        if state != RepoState::Discovered {
            self.resolved += repos;
        }
        match state {
            RepoState::Fetched | RepoState::Gone => self.processed += repos,
            RepoState::Failed | RepoState::Quarantined => self.failed += repos,
            RepoState::Discovered | RepoState::Resolved => {}
        }
    }

    /// Whether nothing is left of what is known.
    pub(crate) fn are_done(self) -> bool {
        self.processed + self.failed >= self.total
    }
}

/// Counts the rows of a job.
pub(crate) fn count(conn: &mut Conn<'_>, job: &str) -> Result<Counters, Error> {
    const SQL: &str = "
        SELECT state, count(*), CAST(coalesce(sum(records), 0) AS BIGINT) FROM backfill_repos
        WHERE job_id = $1 GROUP BY state";
    let mut counters = Counters::default();
    conn.for_each(SQL, &[v(job)], |row| {
        counters.add(RepoState::from_code(row.int(0)?), row.int(1)?, row.int(2)?);
        Ok::<_, Error>(())
    })?;
    Ok(counters)
}
