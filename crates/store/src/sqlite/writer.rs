//! The one connection that writes, and who uses it: a thread that commits together whatever is waiting, or, when nobody
//! else writes, the caller itself.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use async_channel::{Receiver, Sender};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::group::{begin, run_group};
use super::job::{Checkpoint, Job, WriteJob};
use super::open::BUSY_TIMEOUT;
use super::statement::batch;
use crate::{Conn, Error};

/// Jobs that may wait; a caller beyond that waits without being queued.
const QUEUE: usize = 1024;

/// A commit that takes longer than this is not for a thread that others need.
const BRIEF: Duration = Duration::from_millis(2);

/// See the module's documentation. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    shared: Arc<Shared>,
    jobs: Sender<Box<dyn WriteJob>>,
}

#[derive(Debug)]
struct Shared {
    conn: Mutex<Connection>,
    /// Pages in the write-ahead log after the last commit.
    log_pages: Arc<AtomicU32>,
    /// As many make a checkpoint due.
    most_log_pages: u32,
    /// Whether the last commit was one that nobody minds waiting for.
    is_quick: AtomicBool,
}

/// What is waiting. The database's thread takes it until the last [`Writer`] is gone.
pub(super) struct Waiting {
    shared: Arc<Shared>,
    jobs: Receiver<Box<dyn WriteJob>>,
}

impl Writer {
    /// The log is copied into the database file when it has `most_log_pages`.
    pub(super) fn new(mut conn: Connection, most_log_pages: u32) -> Result<(Self, Waiting), Error> {
        let log_pages = Arc::new(AtomicU32::new(0));
        let counted = log_pages.clone();
        // In place of the engine's own checkpoint, which would be a part of some caller's commit.
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: i32| {
            counted.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))
        .map_err(|error| Error::Open { what: "the write-ahead log".into(), message: error.to_string() })?;
        let (sender, jobs) = async_channel::bounded(QUEUE);
        let is_quick = AtomicBool::new(false);
        let shared = Arc::new(Shared { conn: Mutex::new(conn), log_pages, most_log_pages, is_quick });
        Ok((Self { shared: shared.clone(), jobs: sender }, Waiting { shared, jobs }))
    }

    /// Runs `f` in a transaction, perhaps together with others.
    pub(super) async fn submit<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Box::new(Job { f, reply })).await.map_err(|_| Error::Ended)?;
        answer.await.map_err(|_| Error::Ended)?
    }

    /// Runs `f` in a transaction of its own, here and now, if nobody else is writing and commits are quick: two threads
    /// are not woken for it then. Otherwise like [`submit`](Self::submit).
    pub(super) async fn submit_brief<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Job { f, reply });
        if let Err(job) = self.shared.run_now(job, &self.jobs) {
            self.jobs.send(job).await.map_err(|_| Error::Ended)?;
        }
        answer.await.map_err(|_| Error::Ended)?
    }

    /// Copies the write-ahead log into the database file and empties it.
    pub(super) async fn checkpoint(&self) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Box::new(Checkpoint(reply))).await.map_err(|_| Error::Ended)?;
        answer.await.map_err(|_| Error::Ended)?
    }
}

impl Shared {
    /// Hands the job back if it has to wait.
    fn run_now(
        &self,
        job: Box<dyn WriteJob>,
        waiting: &Sender<Box<dyn WriteJob>>,
    ) -> Result<(), Box<dyn WriteJob>> {
        // What waits came first. And a checkpoint that is due is made by the thread.
        if !waiting.is_empty() || !self.is_quick.load(Ordering::Relaxed) || self.is_checkpoint_due() {
            return Err(job);
        }
        let conn = match self.conn.try_lock() {
            Ok(conn) => conn,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(job),
        };
        // Another process may be writing, which is not waited for here.
        let begun = conn.busy_timeout(Duration::ZERO).is_ok() && begin(&conn).is_ok();
        if let Err(error) = conn.busy_timeout(BUSY_TIMEOUT) {
            tracing::warn!(%error, "the time to wait for others is not set");
        }
        if !begun {
            return Err(job);
        }
        self.timed(|| run_group(&conn, job, || None));
        Ok(())
    }

    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = work();
        self.is_quick.store(started.elapsed() < BRIEF, Ordering::Relaxed);
        done
    }

    fn is_checkpoint_due(&self) -> bool {
        self.log_pages.load(Ordering::Relaxed) >= self.most_log_pages
    }
}

impl Waiting {
    /// Works until the last [`Writer`] is gone.
    pub(super) fn run(self) {
        let Self { shared, jobs } = self;
        let mut next = None;
        while let Some(job) = next.take().or_else(|| jobs.recv_blocking().ok()) {
            // Jobs do not panic out of their own.
            let conn = shared.conn.lock().unwrap_or_else(PoisonError::into_inner);
            if job.is_checkpoint() {
                if let Ok(reply) = job.run(&conn) {
                    reply(Ok(()));
                }
                continue;
            }
            if let Err(error) = begin(&conn) {
                job.fail(error);
                continue;
            }
            next = shared.timed(|| run_group(&conn, job, || jobs.try_recv().ok()));
            // Everybody has been answered. Readers may keep it from getting to the end; the next commit tries again.
            if shared.is_checkpoint_due()
                && let Err(error) = batch(&conn, "PRAGMA wal_checkpoint(PASSIVE)")
            {
                tracing::warn!(%error, "the write-ahead log was not copied into the database; next time");
            }
        }
    }
}
