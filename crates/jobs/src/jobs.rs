//! The handle that everything else holds.

use std::sync::Arc;

use events::{Event, EventLog, Kind, kinds};
use serde_json::json;
use store::{Conn, Database, Engine, Store};
use tokio::sync::watch;

use crate::{Job, Runner, Status, Worker, WorkerConfig, telemetry};

/// Background jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Jobs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Database,
    events: EventLog,
    /// Changes when a job may be waiting for a worker.
    waiting: watch::Sender<()>,
    /// Changes when a job has been told to stop.
    told: watch::Sender<()>,
}

impl Jobs {
    /// The jobs of a store that was opened with [`SCHEMA`](crate::SCHEMA). None is run before a
    /// [`worker`](Self::worker) is, here or on another instance.
    #[must_use]
    pub fn open(store: &Store, events: EventLog) -> Self {
        telemetry::describe();
        let (waiting, told) = (watch::Sender::new(()), watch::Sender::new(()));
        Self { inner: Arc::new(Inner { state: store.state.clone(), events, waiting, told }) }
    }

    /// Somebody who runs jobs; one of each instance.
    pub fn worker(&self, runner: Arc<dyn Runner>, config: WorkerConfig) -> Worker {
        Worker::new(self.clone(), runner, config)
    }

    pub(crate) fn state(&self) -> &Database {
        &self.inner.state
    }

    /// One transaction, after those that others have begun. On PostgreSQL they would fail in each other's way otherwise: a
    /// table as small as this one is read as a whole, so that any two of its serializable transactions collide.
    pub(crate) async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        let write = self.inner.state.write(move |conn| {
            if conn.engine() == Engine::Postgres {
                // Before the first look, which decides what the transaction sees. Readers need not wait.
                conn.execute("LOCK TABLE appview_jobs IN EXCLUSIVE MODE", &[])?;
            }
            f(conn)
        });
        write.await
    }

    /// Wakes workers: a job may be waiting.
    pub(crate) fn wake(&self) {
        self.inner.waiting.send_replace(());
    }

    pub(crate) fn waiting(&self) -> watch::Receiver<()> {
        self.inner.waiting.subscribe()
    }

    /// Wakes those who watch over running jobs: one may have been told to stop.
    pub(crate) fn tell(&self) {
        self.inner.told.send_replace(());
    }

    pub(crate) fn told(&self) -> watch::Receiver<()> {
        self.inner.told.subscribe()
    }

    /// Tells the event log (spec/appview.md §8.2).
    pub(crate) fn record(&self, job: &Job, kind: Kind) {
        let mut detail = json!({ "job_type": job.job_type.as_str() });
        if let Some(error) = &job.error {
            detail["error"] = json!(error);
        }
        let event = Event::new(kind).actor(job.created_by.as_str()).subject(&job.id).detail(detail);
        self.inner.events.record(event);
    }

    /// Counts the end of a run, and tells the event log what became of the job.
    pub(crate) fn record_end(&self, job: &Job) {
        telemetry::ended(job.status);
        let kind = match job.status {
            Status::Completed => kinds::JOB_COMPLETED,
            Status::Failed => kinds::JOB_FAILED,
            Status::Paused => kinds::JOB_PAUSED,
            Status::Cancelled => kinds::JOB_CANCELLED,
            Status::Pending | Status::Running | Status::Pausing | Status::Cancelling => return,
        };
        self.record(job, kind);
    }
}
