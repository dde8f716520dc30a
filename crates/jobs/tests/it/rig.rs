//! Jobs, a runner that does as its input says, and workers that can die.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atproto::Did;
use events::{EventLog, Filter};
use futures::future::{BoxFuture, FutureExt};
use jobs::{Control, Job, JobError, Jobs, NewJob, RunError, Runner, SCHEMA, Status, Tuning, WorkerConfig};
use store::{Engine, Store, v};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// After how long a dead worker is noticed.
pub(crate) const LEASE: Duration = Duration::from_secs(1);

pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) jobs: Jobs,
    pub(crate) log: EventLog,
    pub(crate) runs: Arc<Runs>,
    writing: JoinHandle<()>,
}

/// What the runners of all instances of a test did.
#[derive(Default)]
pub(crate) struct Runs {
    /// By job: how often it was begun, and how many runs of it there are.
    by_job: Mutex<HashMap<String, (u32, u32)>>,
}

/// An instance at work.
pub(crate) struct Instance {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// A database that does not answer.
pub(crate) struct Block {
    end: CancellationToken,
    task: JoinHandle<()>,
}

/// Runs a test on each engine.
pub(crate) async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Arc<Rig>) -> F) {
    testkit::on_each_engine(&[&SCHEMA, &events::SCHEMA], |store| {
        let (log, writer) = EventLog::open(&store.state, None);
        let writing = tokio::spawn(writer.run(CancellationToken::new()));
        let jobs = Jobs::open(&store, log.clone());
        test(Arc::new(Rig { store, jobs, log, runs: Arc::default(), writing }))
    })
    .await;
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.writing.abort();
    }
}

pub(crate) fn alice() -> Did {
    Did::parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz").unwrap()
}

/// A job that works on `input`.
pub(crate) fn job(job_type: &str, input: &str) -> NewJob {
    NewJob::new(job_type.parse().unwrap(), input.to_owned(), alice())
}

pub(crate) fn config(instance: &str) -> WorkerConfig {
    WorkerConfig {
        tuning: Arc::new(|| Tuning { concurrency: 4, ..Tuning::default() }),
        poll: Duration::from_millis(100),
        lease: LEASE,
        back_off: (Duration::from_millis(50), Duration::from_millis(200)),
        ..WorkerConfig::new(instance.to_owned())
    }
}

impl Rig {
    pub(crate) fn start(&self, instance: &str) -> Instance {
        self.start_with(config(instance))
    }

    pub(crate) fn start_with(&self, config: WorkerConfig) -> Instance {
        Instance::start(&self.jobs, &self.runs, config)
    }

    pub(crate) async fn create(&self, job_type: &str, input: &str) -> Job {
        self.jobs.create(job(job_type, input)).await.unwrap()
    }

    /// Waits until a job is like that.
    pub(crate) async fn until(&self, id: &str, what: &str, is: impl Fn(&Job) -> bool) -> Job {
        until(what, async || Some(self.jobs.get(id).await.unwrap()).filter(|job| is(job))).await
    }

    pub(crate) async fn becomes(&self, id: &str, status: Status) -> Job {
        self.until(id, status.as_str(), |job| job.status == status).await
    }

    /// The types of the events of a job, oldest first, once there are so many.
    pub(crate) async fn events(&self, id: &str, count: usize) -> Vec<String> {
        let filter = Filter { subject: Some(id.to_owned()), ..Filter::default() };
        until("its events are in the log", async || {
            let query = events::Query { filter: filter.clone(), limit: 1000, after: None };
            let mut events = self.log.query(query).await.unwrap().events;
            events.reverse();
            assert!(events.iter().all(|event| event.actor_did.as_deref() == Some(alice().as_str())));
            Some(events.into_iter().map(|event| event.event_type).collect())
                .filter(|types: &Vec<_>| types.len() >= count)
        })
        .await
    }

    /// The lines of a job's log.
    pub(crate) async fn lines(&self, id: &str) -> Vec<String> {
        let lines = self.jobs.logs(id, 0, 1000).await.unwrap();
        lines.into_iter().map(|line| line.message).collect()
    }

    /// Changes one column of a job behind its back.
    pub(crate) async fn set(&self, id: &str, column: &'static str, value: i64) {
        let id = id.to_owned();
        let set = self.store.state.write(move |conn| {
            conn.execute(&format!("UPDATE appview_jobs SET {column} = $1 WHERE id = $2"), &[v(value), v(&id)])
        });
        assert_eq!(set.await.unwrap(), 1);
    }

    /// Keeps everybody else from writing.
    pub(crate) async fn block(&self) -> Block {
        let (begun, end) = (CancellationToken::new(), CancellationToken::new());
        let (state, says, ends) = (self.store.state.clone(), begun.clone(), end.clone());
        let task = tokio::spawn(async move {
            let held = state.write(move |conn| {
                if conn.engine() == Engine::Postgres {
                    conn.execute("LOCK TABLE appview_jobs IN ACCESS EXCLUSIVE MODE", &[])?;
                }
                says.cancel();
                while !ends.is_cancelled() {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Ok::<_, store::Error>(())
            });
            held.await.unwrap();
        });
        begun.cancelled().await;
        Block { end, task }
    }
}

impl Block {
    pub(crate) async fn end(self) {
        self.end.cancel();
        self.task.await.unwrap();
    }
}

impl Instance {
    pub(crate) fn start(jobs: &Jobs, runs: &Arc<Runs>, config: WorkerConfig) -> Self {
        let stop = CancellationToken::new();
        let worker = jobs.worker(Arc::new(Scripted(Arc::clone(runs))), config);
        Self { task: tokio::spawn(worker.run(stop.clone())), stop }
    }

    /// In an orderly way.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// As if the plug was pulled, as far as a task can tell.
    pub(crate) async fn crash(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

impl Runs {
    /// How often a job was begun.
    pub(crate) fn of(&self, id: &str) -> u32 {
        self.by_job.lock().unwrap().get(id).map_or(0, |(begun, _)| *begun)
    }

    /// Counts one beginning less.
    pub(crate) fn forget_one(&self, id: &str) {
        if let Some((begun, _)) = self.by_job.lock().unwrap().get_mut(id) {
            *begun -= 1;
        }
    }

    /// Whether a run of a job goes on.
    pub(crate) fn is_running(&self, id: &str) -> bool {
        self.by_job.lock().unwrap().get(id).is_some_and(|(_, now)| *now > 0)
    }

    fn begin(self: &Arc<Self>, id: &str) -> (u32, impl Drop + use<>) {
        let mut by_job = self.by_job.lock().unwrap();
        let (begun, now) = by_job.entry(id.to_owned()).or_default();
        *begun += 1;
        *now += 1;
        assert_eq!(*now, 1, "a job is run twice at once");
        (*begun, Run { runs: Arc::clone(self), id: id.to_owned() })
    }
}

/// A run that goes on.
struct Run {
    runs: Arc<Runs>,
    id: String,
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some((_, now)) = self.runs.by_job.lock().unwrap().get_mut(&self.id) {
            *now -= 1;
        }
    }
}

/// Does as the type of the job says.
struct Scripted(Arc<Runs>);

impl Runner for Scripted {
    fn run<'a>(
        &'a self,
        job: &'a Job,
        control: &'a Arc<Control>,
    ) -> BoxFuture<'a, Result<Option<String>, RunError>> {
        async {
            let (begun, _run) = self.0.begin(&job.id);
            let failure = |retry| RunError { message: format!("run {begun} broke"), retry };
            match job.job_type.as_str() {
                "echo" => Ok(Some(job.input.clone())),
                "silent" => Ok(None),
                "nap" => {
                    sleep(Duration::from_millis(job.input.parse().unwrap())).await;
                    Ok(None)
                }
                "steps" => {
                    for step in 0.. {
                        if control.should_stop() {
                            return Ok(Some(step.to_string()));
                        }
                        control.progress(&step.to_string()).unwrap();
                        control.log(&format!("step {step}"));
                        control.wait(Duration::from_millis(5)).await;
                    }
                    Ok(None)
                }
                "patient" => {
                    control.wait(Duration::from_hours(1)).await;
                    if job.input == "\"sulk\"" { Err(failure(true)) } else { Ok(None) }
                }
                "deaf" => std::future::pending().await,
                "broken" => Err(failure(false)),
                "flaky" if begun < job.input.parse().unwrap() => Err(failure(true)),
                "flaky" => Ok(Some(begun.to_string())),
                "verbose" => {
                    control.log(&"é".repeat(10_000));
                    control.progress("[1]").unwrap();
                    Ok(Some("not JSON".to_owned()))
                }
                // Without the hook: it may write a backtrace for longer than a lease lasts.
                "panics" => std::panic::resume_unwind(Box::new("as the test wants it")),
                other => Err(RunError { message: format!("no script for {other}"), retry: false }),
            }
        }
        .boxed()
    }
}

pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = look().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// The status that a refusal names.
pub(crate) fn conflict(answer: &Result<Job, JobError>) -> Option<Status> {
    match answer {
        Err(JobError::Conflict { status, .. }) => Some(*status),
        _ => None,
    }
}
