//! Taking up jobs: which, by whom, and what becomes of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use atproto::Nsid;
use clock::{micros, now_micros};
use events::kinds;
use records::Lease;
use remote::Mode;
use serde_json::json;
use store::Role;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::backfills::{Inner, repair};
use crate::progress::{self, Counters};
use crate::run::{self, Live, Ran, Shared, lease_of};
use crate::{Backfills, Cause, Job, JobError, Scope, Status, retries};

/// Between two looks at the jobs.
const PERIOD: Duration = Duration::from_millis(500);

/// Jobs of one instance at the same time.
const AT_ONCE: usize = 4;

/// How long a job waits for the stream to follow its collections.
const FOLLOW: Duration = Duration::from_secs(15);

/// What the clocks of hosts may differ.
const MARGIN: Duration = Duration::from_mins(10);

/// Between two rounds of forgetting.
const RETENTION: Duration = Duration::from_hours(1);

impl Backfills {
    /// Carries out jobs, repairs gaps and tries again what failed, until the token is cancelled. What is under way stays
    /// where it is then, and goes on when this runs again.
    pub async fn run(self, stop: CancellationToken) {
        let retries = tokio::spawn(retries::retry(Arc::clone(&self.inner), stop.clone()));
        let mut supervisor = Supervisor { inner: self.inner, stop: stop.clone(), running: HashMap::new() };
        let mut forget_at = tokio::time::Instant::now() + supervisor.inner.scale.wait(Duration::from_mins(1));
        while !stop.is_cancelled() {
            if let Err(error) = supervisor.look_around().await {
                warn!(%error, "looking for backfill jobs; it will be tried again");
            }
            if tokio::time::Instant::now() >= forget_at {
                forget_at = tokio::time::Instant::now() + supervisor.inner.scale.wait(RETENTION);
                if let Err(error) = supervisor.forget().await {
                    warn!(%error, "forgetting old backfills; it will be tried again");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = supervisor.inner.news.notified() => {}
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
        for (_, running) in supervisor.running.drain() {
            let _ = running.await;
        }
        let _ = retries.await;
    }
}

struct Supervisor {
    inner: Arc<Inner>,
    stop: CancellationToken,
    running: HashMap<String, JoinHandle<()>>,
}

impl Supervisor {
    async fn look_around(&mut self) -> Result<(), JobError> {
        self.running.retain(|_, job| !job.is_finished());
        let open = self.inner.jobs.open().await?;
        for job in &open {
            if self.running.contains_key(&job.id) || self.running.len() >= AT_ONCE {
                continue;
            }
            let (records, instance) = (&self.inner.parts.records, &self.inner.parts.instance);
            let lease = Lease::acquire(records, &lease_of(&job.id), instance, Role::Backfill).await?;
            if let Some(lease) = lease {
                let (inner, job, stop) = (Arc::clone(&self.inner), job.clone(), self.stop.clone());
                self.running.insert(job.id.clone(), tokio::spawn(attend(inner, job, lease, stop)));
            }
        }
        self.repair_gaps(&open).await
    }

    /// Starts one job for all gaps there are, unless one is open already.
    async fn repair_gaps(&self, open: &[Job]) -> Result<(), JobError> {
        let is_repair = |job: &Job| matches!(job.cause, Cause::Gap(_));
        if !self.inner.parts.repair_gaps || open.iter().any(is_repair) {
            return Ok(());
        }
        let gaps = self.inner.parts.records.open_gaps().await?;
        let Some(newest) = gaps.iter().map(|gap| gap.id).max() else { return Ok(()) };
        let earlier = self.inner.jobs.list().await?;
        let index = self.inner.parts.records.index_id().await?;
        let tried = earlier.iter().find(|job| job.cause == Cause::Gap(newest));
        // One that was stopped or failed is for people to look at.
        if tried.is_some_and(|job| job.index_id.as_deref().is_none_or(|of| of == index)) {
            return Ok(());
        }
        let job =
            Backfills { inner: Arc::clone(&self.inner) }.start(repair(&self.inner.parts, newest)).await?;
        info!(job = job.id, gaps = gaps.len(), "a gap in the stream is being repaired");
        Ok(())
    }

    /// Forgets the repositories of jobs that ended long ago.
    async fn forget(&self) -> Result<(), JobError> {
        let days = (self.inner.parts.tuning)().retention_days;
        if days == 0 {
            return Ok(());
        }
        let before = now_micros() - micros(Duration::from_hours(24) * days);
        self.inner.forget(|job| job.completed_at.is_some_and(|ended| ended < before)).await
    }
}

/// Does with a job whatever its status asks for.
async fn attend(inner: Arc<Inner>, job: Job, lease: Lease, stop: CancellationToken) {
    // Read anew: it may have been told something before the lease was ours.
    let job = match inner.jobs.get(&job.id).await {
        Ok(job) => job,
        Err(error) => {
            warn!(job = job.id, %error, "a backfill job cannot be read");
            return lease.release().await;
        }
    };
    let ended = match job.status {
        Status::Pausing => settle(&inner, &job, Status::Pausing).await,
        Status::Cancelling => settle(&inner, &job, Status::Cancelling).await,
        Status::Pending | Status::Running => return work(inner, job, lease, stop).await,
        _ => Ok(()),
    };
    if let Err(error) = ended {
        warn!(job = job.id, %error, "a backfill job is not stopped yet");
    }
    let _ = lease.end().await;
}

/// What was asked to stop has stopped.
async fn settle(inner: &Inner, job: &Job, status: Status) -> Result<(), JobError> {
    match status {
        Status::Pausing => inner.jobs.stop(&job.id, status, Status::Paused, None).await.map(drop),
        Status::Cancelling => {
            if inner.jobs.stop(&job.id, status, Status::Cancelled, None).await? {
                inner.record(job, kinds::BACKFILL_CANCELLED, &json!({ "job_id": job.id }));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn work(inner: Arc<Inner>, job: Job, lease: Lease, stop: CancellationToken) {
    let id = job.id.clone();
    let shared = match prepare(&inner, job.clone(), lease).await {
        Ok(shared) => shared,
        Err(error) if is_transient(&error) => {
            warn!(job = id, %error, "a backfill waits for the database and goes on soon");
            return;
        }
        Err(error) => return fail(&inner, &job, &error).await,
    };
    let ran = run::run(Arc::clone(&shared), &stop).await;
    let ended = match ran {
        Ok(Ran::Done(counters)) => complete(&inner, &shared, counters).await,
        Ok(Ran::Told(status)) => told_to_stop(&inner, &shared, status).await,
        Ok(Ran::Interrupted) => Ok(()),
        Err(JobError::Records(error @ records::Error::LeaseLost { .. })) => {
            warn!(job = id, %error, "another instance goes on with a backfill");
            return;
        }
        Err(error) if is_transient(&error) => {
            warn!(job = id, %error, "a backfill is interrupted and goes on soon");
            Ok(())
        }
        Err(error) => {
            fail(&inner, &job, &error).await;
            Ok(())
        }
    };
    if let Err(error) = ended {
        warn!(job = id, %error, "the end of a backfill is not written down; it is looked at again");
    }
    if let Some(shared) = Arc::into_inner(shared) {
        shared.into_lease().release().await;
    }
}

fn is_transient(error: &JobError) -> bool {
    match error {
        JobError::Store(error) => error.is_transient(),
        JobError::Records(error) => error.is_transient(),
        _ => false,
    }
}

/// Finds out what a job is about, as far as it is not known from an earlier run.
async fn prepare(inner: &Inner, mut job: Job, lease: Lease) -> Result<Arc<Shared>, JobError> {
    let parts = &inner.parts;
    let index_id = parts.records.index_id().await?;
    inner.jobs.begin(&job.id, &index_id).await?;
    job = inner.jobs.get(&job.id).await?;
    let id = job.id.clone();
    let mut collections = inner.index.read(move |conn| progress::collections(conn, &id)).await?;
    if collections.is_empty() {
        collections = asked_for(inner, &job).await?;
        let (id, named) = (job.id.clone(), named(&job));
        let with_known = matches!(job.cause, Cause::Gap(_) | Cause::Rebuild);
        let (of, guard) = (collections.clone(), lease.guard());
        let prepared = inner.index.write(move |conn| {
            guard.check(conn)?;
            Ok::<_, records::Error>(progress::prepare(conn, &id, &of, named.as_deref(), with_known)?)
        });
        prepared.await?;
    }
    wait_until_followed(inner, &collections).await?;
    inner.jobs.started(&job.id).await?;
    job = inner.jobs.get(&job.id).await?;
    let shared = Arc::new(Shared {
        unchanged_since: unchanged_since(inner, job.cause).await?,
        collections,
        jobs: inner.jobs.clone(),
        index: inner.index.clone(),
        records: parts.records.clone(),
        remote: parts.remote.clone(),
        directory: parts.directory.clone(),
        archive: parts.archive.clone().filter(|_| may_take_from_archive(&job)),
        tuning: Arc::clone(&parts.tuning),
        followers: inner.followers.clone(),
        lease,
        scale: inner.scale,
        job,
        live: Live::default(),
    });
    // What earlier runs have done.
    shared.recount().await?;
    Ok(shared)
}

/// An archive is its server's word, about everybody; and it has what gaps lack, but not what was deleted in them here.
fn may_take_from_archive(job: &Job) -> bool {
    let anew = matches!(job.cause, Cause::Manual | Cause::Lexicon);
    anew && job.scope == Scope::Network && !job.verified && job.mode == Mode::Auto
}

fn named(job: &Job) -> Option<Vec<atproto::Did>> {
    match &job.scope {
        Scope::Network => None,
        Scope::Repos(dids) => Some(dids.clone()),
    }
}

/// What the job is about, of what is indexed. A lexicon that was just added takes a moment to count.
async fn asked_for(inner: &Inner, job: &Job) -> Result<Vec<Nsid>, JobError> {
    let deadline = tokio::time::Instant::now() + FOLLOW;
    loop {
        let indexed = inner.parts.wanted.indexed();
        let wanted: Vec<Nsid> = if job.collections.is_empty() {
            indexed.into_iter().collect()
        } else {
            job.collections.iter().filter(|nsid| indexed.contains(*nsid)).cloned().collect()
        };
        let is_all = wanted.len() == job.collections.len() || job.collections.is_empty();
        if is_all && !wanted.is_empty() {
            return Ok(wanted);
        }
        if tokio::time::Instant::now() >= deadline {
            return if wanted.is_empty() { Err(JobError::NothingIndexed) } else { Ok(wanted) };
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What is fetched before the stream brings its changes vouches for nothing. But a stream that is down is no reason not
/// to fetch.
async fn wait_until_followed(inner: &Inner, collections: &[Nsid]) -> Result<(), JobError> {
    let deadline = tokio::time::Instant::now() + FOLLOW;
    for collection in collections {
        while inner.parts.records.followed_since(collection).await?.is_none() {
            if tokio::time::Instant::now() >= deadline {
                warn!(%collection, "fetched before the stream follows it: changes that come meanwhile may be missed");
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// The beginning of the oldest gap that the job repairs.
async fn unchanged_since(inner: &Inner, cause: Cause) -> Result<Option<i64>, JobError> {
    let Cause::Gap(newest) = cause else { return Ok(None) };
    let gaps = inner.parts.records.open_gaps().await?;
    let from = gaps.iter().filter(|gap| gap.id <= newest).map(|gap| gap.from_us).min();
    Ok(from.map(|from| from - micros(MARGIN)))
}

/// Nothing is written any more, so the figures are counted exactly before the job counts as stopped.
async fn told_to_stop(inner: &Inner, shared: &Shared, status: Status) -> Result<(), JobError> {
    let counters = shared.recount().await?;
    let stage = inner.jobs.get(&shared.job.id).await?.stage;
    inner.jobs.report(&shared.job.id, counters, stage).await?;
    inner.followers.report(&shared.job.id, counters);
    settle(inner, &shared.job, status).await
}

async fn complete(inner: &Inner, shared: &Shared, counters: Counters) -> Result<(), JobError> {
    let job = &shared.job;
    inner.jobs.report(&job.id, counters, job.stage).await?;
    if let Cause::Gap(newest) = job.cause {
        // What could not be fetched is remembered repository by repository, and tried again.
        for gap in inner.parts.records.open_gaps().await?.iter().filter(|gap| gap.id <= newest) {
            inner.parts.records.repair_gap(gap.id, now_micros()).await?;
        }
    }
    let error = (counters.failed > 0).then(|| {
        let number = counters.failed;
        format!("{number} repositories could not be fetched; they are tried again later")
    });
    if inner.jobs.stop(&job.id, Status::Running, Status::Completed, error).await? {
        let total = counters.total;
        info!(
            job = job.id,
            repos = total,
            failed = counters.failed,
            records = counters.records,
            "a backfill is complete"
        );
        let detail = json!({ "job_id": job.id, "total_repos": total, "failed_repos": counters.failed });
        inner.record(job, kinds::BACKFILL_COMPLETED, &detail);
    }
    Ok(())
}

async fn fail(inner: &Inner, job: &Job, cause: &JobError) {
    error!(job = job.id, error = %cause, "a backfill cannot go on");
    let text = cause.to_string();
    for from in [Status::Running, Status::Pending] {
        if let Err(error) = inner.jobs.stop(&job.id, from, Status::Failed, Some(text.clone())).await {
            warn!(job = job.id, %error, "the failure of a backfill is not written down");
        }
    }
    inner.record(job, kinds::BACKFILL_FAILED, &json!({ "job_id": job.id, "error": text }));
}
