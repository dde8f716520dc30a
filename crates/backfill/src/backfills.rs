//! The handle that everything else holds.

use std::sync::Arc;

use atproto::Did;
use events::{Event, EventLog, Kind, kinds};
use futures::stream::Stream;
use records::{Records, Wanted};
use remote::archive::Archive;
use remote::{Directory, Mode, Remote};
use serde_json::json;
use store::{Conn, Database, Role, Store};
use tokio::sync::Notify;

use crate::follow::Followers;
use crate::job::{Command, Jobs};
use crate::progress::{self, FailedRepo, HostProgress, Phase, RepoProgress};
use crate::time::TimeScale;
use crate::{Cause, Job, JobError, JobEvent, NewJob, Scope, Status, Tuning};

/// What backfills are built on.
pub struct BackfillParts {
    /// Opened with the schemas of this crate and of the record index.
    pub store: Store,
    /// Where records go.
    pub records: Records,
    /// The way to repositories, not the one that requests of people use. Its resolver must fetch a document anew whenever
    /// it is asked to: a host that says an account is gone is believed after that.
    pub remote: Remote,
    /// The way to the list of those who have records of a collection.
    pub directory: Directory,
    /// The history that the stream's server may keep as files.
    pub archive: Option<Archive>,
    /// What is indexed.
    pub wanted: Wanted,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// How much is done at once.
    pub tuning: Arc<dyn Fn() -> Tuning + Send + Sync>,
    /// How repositories are read by jobs that nobody asked for.
    pub mode: Mode,
    /// Whether such jobs take in only what the author's signature covers.
    pub verified: bool,
    /// Whether gaps of the stream are repaired without being told to.
    pub repair_gaps: bool,
    /// Names this instance.
    pub instance: String,
    /// How many times faster long waits pass than the clock: 1, except in tests.
    pub time_scale: u32,
}

/// Jobs that fetch history. Cheap to clone.
#[derive(Clone)]
pub struct Backfills {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) parts: BackfillParts,
    pub(crate) jobs: Jobs,
    /// With the connections of backfills.
    pub(crate) index: Database,
    pub(crate) followers: Followers,
    pub(crate) scale: TimeScale,
    /// Somebody was told something.
    pub(crate) news: Notify,
    /// Somebody waits for a repository.
    pub(crate) hurry: Notify,
}

impl Backfills {
    /// Nothing is done before [`run`](Self::run); jobs that are started wait until then, here or on another instance.
    #[must_use]
    pub fn open(parts: BackfillParts) -> Self {
        let inner = Inner {
            jobs: Jobs { state: parts.store.state.clone() },
            index: parts.store.index.with_role(Role::Backfill),
            followers: Followers::new(),
            scale: TimeScale(parts.time_scale),
            news: Notify::new(),
            hurry: Notify::new(),
            parts,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Writes a job down. An instance that runs takes it up within a second.
    pub async fn start(&self, new: NewJob) -> Result<Job, JobError> {
        let job = self.inner.jobs.add(new).await?;
        self.inner.record(
            &job,
            kinds::BACKFILL_STARTED,
            &json!({ "job_id": job.id, "cause": job.cause.as_str() }),
        );
        self.inner.news.notify_one();
        Ok(job)
    }

    /// Says that somebody waits for what is [pending](records::CoverageState::Pending): it is fetched now, and not when it is
    /// next looked for.
    pub fn hurry(&self) {
        self.inner.hurry.notify_one();
    }

    /// The jobs, the newest first; at most a thousand.
    pub async fn jobs(&self) -> Result<Vec<Job>, JobError> {
        self.inner.jobs.list().await
    }

    /// One job.
    pub async fn job(&self, id: &str) -> Result<Job, JobError> {
        self.inner.jobs.get(id).await
    }

    /// Asks a job to stop and keep what it has.
    pub async fn pause(&self, id: &str) -> Result<Job, JobError> {
        self.command(id, Command::Pause, kinds::BACKFILL_PAUSING).await
    }

    /// Lets a paused job go on.
    pub async fn resume(&self, id: &str) -> Result<Job, JobError> {
        self.command(id, Command::Resume, kinds::BACKFILL_RESUMED).await
    }

    /// Asks a job to stop for good. A paused one has stopped already, and is cancelled at once.
    pub async fn cancel(&self, id: &str) -> Result<Job, JobError> {
        let job = self.command(id, Command::Cancel, kinds::BACKFILL_CANCELLING).await?;
        if job.status == Status::Cancelled {
            self.inner.record(&job, kinds::BACKFILL_CANCELLED, &json!({ "job_id": job.id }));
        }
        Ok(job)
    }

    /// Lets a job that has ended go on with what failed; how many repositories that is. Without any the job stays as it is.
    pub async fn retry_failed(&self, id: &str) -> Result<i64, JobError> {
        let job = self.job(id).await?;
        Command::Retry.applied_to(job.status)?;
        let key = id.to_owned();
        let again = self.inner.index.write(move |conn| progress::retry_failed(conn, &key)).await?;
        if again > 0 {
            self.command(id, Command::Retry, kinds::BACKFILL_RESUMED).await?;
        }
        Ok(i64::try_from(again).unwrap_or(i64::MAX))
    }

    async fn command(&self, id: &str, command: Command, kind: Kind) -> Result<Job, JobError> {
        let (job, changed) = self.inner.jobs.command(id, command).await?;
        if changed {
            self.inner.record(&job, kind, &json!({ "job_id": job.id }));
            self.inner.news.notify_one();
        }
        Ok(job)
    }

    /// Repositories of a job after `after`, by DID, that came so far and no further.
    pub async fn repos(
        &self,
        id: &str,
        phase: Phase,
        after: Option<Did>,
        limit: u32,
    ) -> Result<Vec<RepoProgress>, JobError> {
        let after = after.map(|did| did.to_string()).unwrap_or_default();
        self.look(id, move |conn, job| progress::repos(conn, job, phase, &after, limit)).await
    }

    /// The hosts of a job, those with most repositories first; at most a thousand.
    pub async fn hosts(&self, id: &str) -> Result<Vec<HostProgress>, JobError> {
        self.look(id, progress::hosts).await
    }

    /// Repositories of a job after `after`, by DID, that could not be fetched or not be believed.
    pub async fn errors(
        &self,
        id: &str,
        after: Option<Did>,
        limit: u32,
    ) -> Result<Vec<FailedRepo>, JobError> {
        let after = after.map(|did| did.to_string()).unwrap_or_default();
        self.look(id, move |conn, job| progress::failed(conn, job, &after, limit)).await
    }

    async fn look<T: Send + 'static>(
        &self,
        id: &str,
        look: impl Fn(&mut Conn<'_>, &str) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, JobError> {
        let id = self.job(id).await?.id;
        Ok(self.inner.index.read(move |conn| look(conn, &id)).await?)
    }

    /// Forgets the repositories of one job that has stopped, or of all that have ended.
    pub async fn delete_details(&self, id: Option<&str>) -> Result<(), JobError> {
        let id = match id {
            Some(id) => {
                let job = self.job(id).await?;
                if !job.status.is_final() {
                    return Err(JobError::Conflict { status: job.status, wanted: "forgotten" });
                }
                job.id
            }
            None => return self.inner.forget(|job| job.status.is_final()).await,
        };
        self.inner.index.write(move |conn| progress::forget(conn, &id)).await?;
        Ok(())
    }

    /// Everything about a job, from now until it stops: first a snapshot. Slow readers miss single repositories, never how
    /// far it is or how it ended.
    pub async fn follow(
        &self,
        id: &str,
    ) -> Result<impl Stream<Item = JobEvent> + Send + 'static + use<>, JobError> {
        let id = self.job(id).await?.id;
        Ok(self.inner.followers.follow(self.inner.jobs.clone(), id))
    }
}

impl Inner {
    /// Forgets the repositories of all jobs that are like this.
    pub(crate) async fn forget(&self, is_like: impl Fn(&Job) -> bool) -> Result<(), JobError> {
        for id in self.index.read(progress::detailed).await? {
            let forgotten = match self.jobs.get(&id).await {
                Ok(job) => is_like(&job),
                // A job of another index.
                Err(JobError::NotFound { .. }) => true,
                Err(error) => return Err(error),
            };
            if forgotten {
                self.index.write(move |conn| progress::forget(conn, &id)).await?;
            }
        }
        Ok(())
    }

    /// Tells the event log (spec/appview.md §6.5).
    pub(crate) fn record(&self, job: &Job, kind: Kind, detail: &serde_json::Value) {
        let collections: Vec<&str> = job.collections.iter().map(atproto::Nsid::as_str).collect();
        let mut event = Event::new(kind).subject(&collections.join(" ")).detail(detail.clone());
        if let Some(by) = &job.by {
            event = event.actor(by.as_str());
        }
        self.parts.events.record(event);
    }
}

/// A job for what was missed.
pub(crate) fn repair(parts: &BackfillParts, gap: i64) -> NewJob {
    NewJob {
        collections: Vec::new(),
        scope: Scope::Network,
        mode: parts.mode,
        verified: parts.verified,
        cause: Cause::Gap(gap),
        by: None,
    }
}
