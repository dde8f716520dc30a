//! Following a job while it is at work (spec/appview.md §6.6).

use std::time::Duration;

use atproto::Did;
use futures::stream::{self, Stream};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Instant, timeout_at};

use crate::job::Jobs;
use crate::progress::Counters;
use crate::{Job, JobError, Stage, Status};

/// Events that wait for the slowest follower; after that it misses some of single repositories.
const WAITING: usize = 4_096;

/// Between two looks at a job that another instance may be carrying out.
const PERIOD: Duration = Duration::from_secs(1);

/// Something about a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEvent {
    /// The whole job: first, and whenever something may have been missed.
    Snapshot(Box<Job>),
    /// A repository was found.
    RepoDiscovered {
        /// Which.
        did: Did,
    },
    /// Its host was.
    RepoResolved {
        /// Which.
        did: Did,
        /// The origin of its host.
        pds_endpoint: String,
    },
    /// Everything of it is here.
    RepoFetched {
        /// Which.
        did: Did,
        /// The origin of its host.
        pds_endpoint: String,
        /// Records that were found.
        records_fetched: i64,
    },
    /// How far it is.
    Counters {
        /// See [`Job`], as the following.
        total_repos: i64,
        /// Repositories whose host was looked up.
        resolved_repos: i64,
        /// Repositories that are done.
        processed_repos: i64,
        /// Records that were found.
        total_records: i64,
    },
    /// It is doing something else now.
    StageChanged(Stage),
    /// It has stopped, for good or until it is told to go on. The last event.
    Stopped {
        /// How.
        status: Status,
        /// Why, if there is more to say.
        error: Option<String>,
    },
}

/// Whoever follows jobs of this instance. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Followers {
    events: broadcast::Sender<(String, JobEvent)>,
}

impl Followers {
    pub(crate) fn new() -> Self {
        Self { events: broadcast::Sender::new(WAITING) }
    }

    pub(crate) fn tell(&self, job: &str, event: JobEvent) {
        if self.events.receiver_count() > 0 {
            // Nobody left since: nobody misses it.
            let _ = self.events.send((job.to_owned(), event));
        }
    }

    /// Tells how far a job is.
    pub(crate) fn report(&self, job: &str, counters: Counters) {
        let Counters { total, resolved, processed, records, .. } = counters;
        let event = JobEvent::Counters {
            total_repos: total,
            resolved_repos: resolved,
            processed_repos: processed,
            total_records: records,
        };
        self.tell(job, event);
    }

    /// Everything about a job, from now until it stops, or until the databases cannot be read.
    pub(crate) fn follow(
        &self,
        jobs: Jobs,
        id: String,
    ) -> impl Stream<Item = JobEvent> + Send + 'static + use<> {
        let following = Following {
            jobs,
            id,
            events: self.events.subscribe(),
            known: None,
            next_look: Instant::now(),
            waiting: Vec::new(),
            over: false,
        };
        stream::unfold(following, |mut following| async move {
            match following.next().await {
                Ok(event) => event.map(|event| (event, following)),
                Err(error) => {
                    tracing::warn!(job = following.id, %error, "following a backfill ends");
                    None
                }
            }
        })
    }
}

struct Following {
    jobs: Jobs,
    id: String,
    events: broadcast::Receiver<(String, JobEvent)>,
    known: Option<Job>,
    /// However much is told meanwhile: of other jobs, or of single repositories.
    next_look: Instant,
    /// To be told next, the last first.
    waiting: Vec<JobEvent>,
    over: bool,
}

impl Following {
    async fn next(&mut self) -> Result<Option<JobEvent>, JobError> {
        loop {
            if let Some(event) = self.waiting.pop() {
                self.over |= matches!(event, JobEvent::Stopped { .. });
                return Ok(Some(event));
            }
            if self.over {
                return Ok(None);
            }
            if self.known.is_none() || Instant::now() >= self.next_look {
                self.look().await?;
                continue;
            }
            match timeout_at(self.next_look, self.events.recv()).await {
                Ok(Ok((id, event))) if id == self.id => return Ok(Some(event)),
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Lagged(_))) => self.known = None,
                Ok(Err(RecvError::Closed)) | Err(_) => self.look().await?,
            }
        }
    }

    /// Reads the row, and tells what is new about it.
    async fn look(&mut self) -> Result<(), JobError> {
        let job = self.jobs.get(&self.id).await?;
        self.next_look = Instant::now() + PERIOD;
        let has_stopped = job.status.is_final() || job.status == Status::Paused;
        if has_stopped {
            self.waiting.push(JobEvent::Stopped { status: job.status, error: job.error.clone() });
        }
        match &self.known {
            None => self.waiting.push(JobEvent::Snapshot(Box::new(job.clone()))),
            Some(known) => {
                if known.stage != job.stage {
                    self.waiting.push(JobEvent::StageChanged(job.stage));
                }
                if has_stopped || figures(known) != figures(&job) {
                    let (total_repos, resolved_repos, processed_repos, total_records) = figures(&job);
                    self.waiting.push(JobEvent::Counters {
                        total_repos,
                        resolved_repos,
                        processed_repos,
                        total_records,
                    });
                }
            }
        }
        self.known = Some(job);
        Ok(())
    }
}

fn figures(job: &Job) -> (i64, i64, i64, i64) {
    (job.total_repos, job.resolved_repos, job.processed_repos, job.total_records)
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use remote::Mode;

    use super::*;
    use crate::{Cause, NewJob, Scope};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_busy_neighbour_hides_no_end() {
        testkit::on_each_engine(
            &[records::SCHEMAS.as_slice(), &crate::SCHEMAS].concat(),
            |store| async move {
                let (jobs, followers) = (Jobs { state: store.state.clone() }, Followers::new());
                let new = || NewJob {
                    collections: Vec::new(),
                    scope: Scope::Network,
                    mode: Mode::Auto,
                    verified: false,
                    cause: Cause::Manual,
                    by: None,
                };
                let followed = jobs.add(new()).await.unwrap();
                let busy = tokio::spawn({
                    let followers = followers.clone();
                    async move {
                        loop {
                            followers.tell("another", JobEvent::StageChanged(Stage::Fetching));
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                });
                let mut events = Box::pin(followers.follow(jobs.clone(), followed.id.clone()));
                assert!(matches!(events.next().await, Some(JobEvent::Snapshot(_))));
                jobs.stop(&followed.id, Status::Pending, Status::Failed, None).await.unwrap();
                let told = tokio::time::timeout(Duration::from_secs(10), events.collect::<Vec<_>>());
                let told = told.await.unwrap_or_else(|_| panic!("it ends"));
                assert!(
                    matches!(told.last(), Some(JobEvent::Stopped { status: Status::Failed, .. })),
                    "{told:?}"
                );
                busy.abort();
            },
        )
        .await;
    }
}
