//! Only one worker runs a job.
//!
//! The row of a job that runs names the instance that runs it, and until when. Its epoch grows whenever the job changes
//! hands, and every transaction of a run looks for it: a worker that lost its job without noticing cannot write.

use clock::now_micros;
use store::{Conn, v};

use crate::control::Notes;
use crate::job::{COLUMNS, Job};
use crate::settle::{Settled, settle};
use crate::{JobError, Jobs, Status, log};

/// Jobs taken from those that are dead, in one transaction.
const AT_ONCE: u32 = 100;

/// One run of one job.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    id: String,
    epoch: i64,
}

impl Lease {
    /// The run for which the job was just claimed.
    pub(crate) fn of(job: &Job) -> Self {
        Self { id: job.id.clone(), epoch: job.epoch }
    }

    /// The job, while it is held.
    pub(crate) fn job(&self, conn: &mut Conn<'_>) -> Result<Option<Job>, JobError> {
        let is = if faults::mutant!("jobs-lease-epoch-not-compared") { ">=" } else { "=" };
        let sql = format!("SELECT {COLUMNS} FROM appview_jobs WHERE id = $1 AND epoch {is} $2");
        conn.query_opt(&sql, &[v(&self.id), v(self.epoch)], Job::read)
    }
}

impl Jobs {
    /// Takes up to `limit` jobs whose time has come, those that have waited longest first.
    pub(crate) async fn claim(&self, owner: &str, term: i64, limit: u32) -> Result<Vec<Job>, JobError> {
        let sql = format!(
            "UPDATE appview_jobs SET status = 'running', owner = $1, leased_until = $2, epoch = epoch + 1,
                    started_at = coalesce(started_at, $3), result = NULL, error = NULL
             WHERE id IN (
                SELECT id FROM appview_jobs WHERE status = 'pending' AND run_at <= $3 ORDER BY run_at, id LIMIT $4)
             RETURNING {COLUMNS}"
        );
        let owner = owner.to_owned();
        let claimed = self.write(move |conn| {
            let now = now_micros();
            conn.query(&sql, &[v(&owner), v(now.saturating_add(term)), v(now), v(limit)], Job::read)
        });
        claimed.await
    }

    /// When the next job may run that waits for its time.
    pub(crate) async fn next_due(&self) -> Result<Option<i64>, JobError> {
        const SQL: &str = "SELECT min(run_at) FROM appview_jobs WHERE status = 'pending'";
        let due = self.state().read(|conn| conn.query_one::<_, store::Error>(SQL, &[], |row| row.opt_int(0)));
        Ok(due.await?)
    }

    /// Keeps a job, and writes down what it said meanwhile; its status, or `None` if it is not held any more.
    pub(crate) async fn keep(
        &self,
        lease: &Lease,
        term: i64,
        notes: Notes,
    ) -> Result<Option<Status>, JobError> {
        const SQL: &str = "
            UPDATE appview_jobs SET leased_until = $3, progress = coalesce($4, progress)
            WHERE id = $1 AND epoch = $2 RETURNING status";
        let lease = lease.clone();
        let kept = self.write(move |conn| {
            let until = now_micros().saturating_add(term);
            let row = [v(&lease.id), v(lease.epoch), v(until), v(notes.progress.as_deref())];
            let status = conn.query_opt::<_, JobError>(SQL, &row, |row| row.text(0)?.parse())?;
            if status.is_some() {
                log::append(conn, &lease.id, &notes.lines)?;
            }
            Ok::<_, JobError>(status)
        });
        kept.await
    }

    /// Gives up for their workers the jobs of those whose lease is over and, when an instance begins, of its earlier life.
    pub(crate) async fn recover(&self, reborn: Option<&str>) -> Result<Vec<Job>, JobError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM appview_jobs
             WHERE status IN ('running', 'pausing', 'cancelling') AND (leased_until < $1 OR owner = $2)
             ORDER BY id LIMIT {AT_ONCE}"
        );
        let reborn = reborn.map(str::to_owned);
        // Nobody is dead nearly always, and then nobody is to wait for a transaction.
        let (look, of) = (sql.clone(), reborn.clone());
        let dead =
            self.state().read(move |conn| conn.query(&look, &[v(now_micros()), v(of.as_deref())], Job::read));
        if dead.await?.is_empty() {
            return Ok(Vec::new());
        }
        let recovered = self.write(move |conn| {
            let dead = conn.query(&sql, &[v(now_micros()), v(reborn.as_deref())], Job::read)?;
            let settled = dead.into_iter().map(|job| settle(conn, job, &Settled::crashed()));
            settled.filter_map(Result::transpose).collect::<Result<Vec<Job>, JobError>>()
        });
        recovered.await
    }
}
