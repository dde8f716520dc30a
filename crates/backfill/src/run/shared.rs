//! What the stages of a job share.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use atproto::{Did, Nsid};
use clock::now_micros;
use records::{Lease, Records};
use remote::archive::Archive;
use remote::{Directory, Remote};
use store::{Conn, Database};

use super::end::uncovered;
use crate::follow::Followers;
use crate::job::Jobs;
use crate::progress::{self, Counters, Discovery, RepoState, Todo};
use crate::time::TimeScale;
use crate::{Cause, Job, JobError, JobEvent, Stage, Status, Tuning};

/// Between two times that the figures of a job are written down.
pub(super) const REPORT: Duration = Duration::from_secs(1);

/// What the stages of a job share.
pub(crate) struct Shared {
    pub(crate) job: Job,
    /// What is fetched: those of the job that are indexed.
    pub(crate) collections: Vec<Nsid>,
    pub(crate) jobs: Jobs,
    /// With the connections of backfills.
    pub(crate) index: Database,
    pub(crate) records: Records,
    pub(crate) remote: Remote,
    pub(crate) directory: Directory,
    /// Where the history of everybody may be had at once, if the job may take it from there.
    pub(crate) archive: Option<Archive>,
    pub(crate) tuning: Arc<dyn Fn() -> Tuning + Send + Sync>,
    pub(crate) followers: Followers,
    /// This instance alone works on the job.
    pub(crate) lease: Lease,
    pub(crate) scale: TimeScale,
    /// Repositories that have not changed since cannot have changed in the gap; microseconds.
    pub(crate) unchanged_since: Option<i64>,
    pub(crate) live: Live,
}

/// What changes while a job runs.
#[derive(Default)]
pub(crate) struct Live {
    counters: Mutex<Counters>,
    progressed: Mutex<HashSet<String>>,
    /// What was written down last, and when.
    reported: Mutex<Option<(Instant, (Counters, Stage))>>,
}

impl Shared {
    /// The lease, when everything is done with it.
    pub(crate) fn into_lease(self) -> Lease {
        self.lease
    }

    /// Whether every record is written anew.
    pub(crate) fn forces(&self) -> bool {
        self.job.cause == Cause::Rebuild
    }

    /// Changes the figures by what was just committed.
    pub(crate) fn count(&self, change: impl FnOnce(&mut Counters)) {
        change(&mut self.live.counters.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Repositories that are known and not done.
    pub(crate) fn undone(&self) -> i64 {
        let counters = *self.live.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.total - counters.processed - counters.failed
    }

    /// Counts the rows: exact, whatever happened.
    pub(crate) async fn recount(&self) -> Result<Counters, JobError> {
        let job = self.job.id.clone();
        let counters = self.index.read(move |conn| progress::count(conn, &job)).await?;
        self.count(|known| *known = counters);
        Ok(counters)
    }

    /// Tells whoever follows the job how far it is, and writes that down once a second if it has changed, since each time
    /// costs an `fsync`; what the job has been told.
    pub(crate) async fn report(&self, stage: Stage) -> Result<Status, JobError> {
        let counters = *self.live.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_due(counters, stage) {
            return Ok(self.jobs.get(&self.job.id).await?.status);
        }
        self.followers.report(&self.job.id, counters);
        self.jobs.report(&self.job.id, counters, stage).await
    }

    fn is_due(&self, counters: Counters, stage: Stage) -> bool {
        let mut reported = self.live.reported.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = reported.is_none_or(|(at, known)| known != (counters, stage) && at.elapsed() >= REPORT);
        if is_due {
            *reported = Some((Instant::now(), (counters, stage)));
        }
        is_due
    }

    pub(crate) fn tell(&self, event: JobEvent) {
        self.followers.tell(&self.job.id, event);
    }

    /// A host has sent something.
    pub(crate) fn progress_of(&self, host: &str) {
        let mut progressed = self.live.progressed.lock().unwrap_or_else(PoisonError::into_inner);
        if !progressed.contains(host) {
            progressed.insert(host.to_owned());
        }
    }

    /// The hosts that have sent something since this was asked last.
    pub(crate) fn progressed(&self) -> HashSet<String> {
        std::mem::take(&mut self.live.progressed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn hosts_to_do(&self) -> Result<Vec<String>, JobError> {
        self.look(progress::hosts_to_do).await
    }

    pub(crate) async fn undiscovered(&self) -> Result<Vec<Discovery>, JobError> {
        self.look(progress::undiscovered).await
    }

    pub(crate) async fn to_resolve(&self, after: &str, limit: u32) -> Result<Vec<Did>, JobError> {
        let after = after.to_owned();
        self.look(move |conn, job| progress::to_resolve(conn, job, &after, limit)).await
    }

    pub(crate) async fn to_fetch(&self, host: &str, after: &str, limit: u32) -> Result<Vec<Todo>, JobError> {
        let (host, after) = (host.to_owned(), after.to_owned());
        self.look(move |conn, job| progress::to_fetch(conn, job, &host, &after, limit)).await
    }

    async fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Conn<'_>, &str) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, JobError> {
        let job = self.job.id.clone();
        Ok(self.index.read(move |conn| look(conn, &job)).await?)
    }

    /// Changes the tables of the job, provided that this instance still works on it.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Conn<'_>, &str) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, JobError> {
        let (job, guard) = (self.job.id.clone(), self.lease.guard());
        let changed = self.index.write(move |conn| {
            guard.check(conn)?;
            Ok::<_, records::Error>(change(conn, &job)?)
        });
        Ok(changed.await?)
    }

    /// Nothing more is tried with this repository in this job. It is tried again later, outside of it.
    pub(crate) async fn give_up(&self, did: Did, error: &str) -> Result<(), JobError> {
        let end = move |conn: &mut Conn<'_>, job: &str, error: &str| {
            let ends = progress::end(conn, job, &did, RepoState::Failed, Some(error))?;
            Ok(ends.then(|| did.clone()).into_iter().collect())
        };
        self.fail(error, end).await
    }

    /// The same with everything that a host has left.
    pub(crate) async fn give_up_host(&self, host: &str, error: &str) -> Result<(), JobError> {
        let host = host.to_owned();
        self.fail(error, move |conn, job, error| progress::fail_host(conn, job, &host, error)).await
    }

    /// Gives up the repositories that `end` ends.
    async fn fail(
        &self,
        error: &str,
        end: impl Fn(&mut Conn<'_>, &str, &str) -> Result<Vec<Did>, store::Error> + Send + 'static,
    ) -> Result<(), JobError> {
        let (error, scale, collections) = (error.to_owned(), self.scale, self.collections.clone());
        let given_up = self
            .change(move |conn, job| {
                let dids = end(conn, job, &error)?;
                for did in &dids {
                    uncovered(conn, did, &collections, &error, scale)?;
                }
                Ok(dids.len())
            })
            .await?;
        let number = i64::try_from(given_up).unwrap_or_default();
        self.count(|counters| counters.failed += number);
        let outcome = RepoState::Failed.as_str();
        metrics::counter!("backfill_repos_total", "outcome" => outcome).increment(given_up as u64);
        Ok(())
    }

    /// The figures when the job was created or last counted say nothing about when a repository was first asked: this
    /// does, of one whose reading went on after an interruption.
    pub(crate) fn began_at(&self) -> i64 {
        self.job.started_at.unwrap_or_else(now_micros)
    }
}

/// Names the row of a job's lease.
pub(crate) fn lease_of(job: &str) -> String {
    format!("backfill/{job}")
}
