//! Writing down how a run ended.

use std::time::Duration;

use clock::now_micros;
use events::Severity;
use store::{Conn, v};

use crate::control::Notes;
use crate::job::Job;
use crate::lease::Lease;
use crate::log::NewLine;
use crate::transition::End;
use crate::{JobError, Jobs, Status, bounds, log};

/// How a run ended, and what it leaves.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    end: End,
    result: Option<String>,
    error: Option<String>,
    /// When it is tried again.
    run_at: Option<i64>,
    /// Whether its worker died.
    crashed: bool,
}

impl Settled {
    /// Without leaving anything.
    pub(crate) fn new(end: End) -> Self {
        Self { end, result: None, error: None, run_at: None, crashed: false }
    }

    /// The work is done.
    pub(crate) fn done(result: Option<String>) -> Self {
        Self { result, ..Self::new(End::Done) }
    }

    /// It failed for good.
    pub(crate) fn failed(message: String) -> Self {
        Self { error: Some(message), ..Self::new(End::Failed) }
    }

    /// It was asked to stop and did not.
    pub(crate) fn cut_off(grace: Duration) -> Self {
        let error =
            format!("it was cut off: it went on for {} s after it was asked to stop", grace.as_secs());
        Self { error: Some(error), ..Self::new(End::Failed) }
    }

    /// Its worker died.
    pub(crate) fn crashed() -> Self {
        Self { crashed: true, ..Self::new(End::Interrupted) }
    }

    /// It failed, and is tried again.
    pub(crate) fn again(message: String, run_at: i64) -> Self {
        Self { error: Some(message), run_at: Some(run_at), ..Self::new(End::Again) }
    }

    /// The line for the job's log.
    fn line(&self) -> Option<NewLine> {
        match (self.end, &self.error) {
            (End::Done, _) => None,
            (End::Interrupted, _) => Some(NewLine::new(Severity::Warn, "the worker went away")),
            (End::Again, Some(error)) => Some(NewLine::new(Severity::Warn, error)),
            (_, error) => Some(NewLine::new(Severity::Error, error.as_deref().unwrap_or("failed"))),
        }
    }
}

impl Jobs {
    /// Ends a run; the job as it is then, or `None` if it was not held any more.
    pub(crate) async fn finish(
        &self,
        lease: &Lease,
        settled: Settled,
        notes: Notes,
    ) -> Result<Option<Job>, JobError> {
        const SQL: &str = "UPDATE appview_jobs SET progress = $2 WHERE id = $1";
        let lease = lease.clone();
        let finished = self.write(move |conn| {
            let Some(mut job) = lease.job(conn)? else { return Ok::<_, JobError>(None) };
            log::append(conn, &job.id, &notes.lines)?;
            if let Some(progress) = &notes.progress {
                job.progress.clone_from(progress);
                conn.execute(SQL, &[v(&job.id), v(progress)])?;
            }
            settle(conn, job, &settled)
        });
        finished.await
    }
}

/// Ends the run of a job, and bars its worker from writing; `None` if the job does not run.
pub(crate) fn settle(conn: &mut Conn<'_>, mut job: Job, settled: &Settled) -> Result<Option<Job>, JobError> {
    const SQL: &str = "
        UPDATE appview_jobs SET status = $2, result = $3, error = $4, attempts = $5, run_at = $6, completed_at = $7,
               crashes = $8, owner = NULL, leased_until = NULL, epoch = epoch + 1
        WHERE id = $1";
    job.crashes += u32::from(settled.crashed);
    let hopeless = given_up(&job, settled);
    let settled = hopeless.as_ref().unwrap_or(settled);
    let Some(next) = settled.end.applied_to(job.status) else { return Ok(None) };
    job.status = next;
    job.result.clone_from(&settled.result);
    job.error.clone_from(&settled.error);
    job.attempts += u32::from(settled.error.is_some());
    job.run_at = settled.run_at.unwrap_or(job.run_at);
    job.completed_at = next.is_final().then(now_micros);
    job.epoch += 1;
    let row = [
        v(&job.id),
        v(next.as_str()),
        v(job.result.as_deref()),
        v(job.error.as_deref()),
        v(job.attempts),
        v(job.run_at),
        v(job.completed_at),
        v(job.crashes),
    ];
    conn.execute(SQL, &row)?;
    if let Some(line) = settled.line() {
        log::append(conn, &job.id, &[line])?;
    }
    Ok(Some(job))
}

/// How a job ends that takes every worker down with it. One that was asked to stop has stopped.
fn given_up(job: &Job, settled: &Settled) -> Option<Settled> {
    let is_hopeless = settled.crashed && job.status == Status::Running && job.crashes >= bounds::MAX_CRASHES;
    let is_hopeless = is_hopeless && !faults::mutant!("jobs-never-given-up");
    is_hopeless.then(|| Settled::failed(format!("the server stopped {} times while it ran", job.crashes)))
}
