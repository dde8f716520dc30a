//! The writing thread: whatever is waiting is committed together.
//!
//! The first job of a group simply runs in the transaction; those that join it run inside a savepoint, so that one
//! that fails takes only its own changes back. (A savepoint makes the engine copy every page it touches, so a long batch,
//! which usually comes first, does without.) A caller hears of success after the commit, never before.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use async_channel::{Receiver, Sender};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::statement::{batch, execute, sql_error};
use crate::conn::ConnInner;
use crate::{Conn, Error};

/// Jobs that may share one commit.
const MAX_JOBS: usize = 128;

/// After this long no further job joins, so that nobody waits for strangers.
const MAX_DURATION: Duration = Duration::from_millis(20);

/// Tells the caller of one job how the shared commit went.
type Reply = Box<dyn FnOnce(Result<(), Error>)>;

/// Tells the caller of one job that it failed, once its changes are undone.
type Refusal = Box<dyn FnOnce()>;

/// A closure on its way to the writing thread.
pub(super) trait WriteJob: Send {
    /// Runs inside the caller's transaction or savepoint, which is to be kept on `Ok` and undone on `Err`.
    fn run(self: Box<Self>, conn: &Connection) -> Result<Reply, Refusal>;
    /// Answers without running.
    fn fail(self: Box<Self>, error: Error);
    /// Whether it wants to run alone, outside any transaction.
    fn is_checkpoint(&self) -> bool {
        false
    }
}

struct Job<F, T, E> {
    f: F,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> WriteJob for Job<F, T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: Fn(&mut Conn<'_>) -> Result<T, E> + Send,
{
    fn run(self: Box<Self>, conn: &Connection) -> Result<Reply, Refusal> {
        let Self { f, reply } = *self;
        // A panic counts as a failure of this job alone: its caller sees the reply channel closed.
        let result = std::panic::catch_unwind(AssertUnwindSafe(|| f(&mut Conn(ConnInner::Sqlite(conn)))))
            .unwrap_or_else(|_| Err(Error::Ended.into()));
        // A caller may have gone away; nobody misses the answer then.
        match result {
            Ok(value) => Ok(Box::new(move |committed| {
                let _ = reply.send(committed.map(|()| value).map_err(E::from));
            })),
            Err(error) => Err(Box::new(move || {
                let _ = reply.send(Err(error));
            })),
        }
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.reply.send(Err(error.into()));
    }
}

struct Checkpoint(oneshot::Sender<Result<(), Error>>);

impl WriteJob for Checkpoint {
    fn run(self: Box<Self>, conn: &Connection) -> Result<Reply, Refusal> {
        const SQL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
        let result = conn.query_row(SQL, [], |_| Ok(())).map_err(|error| sql_error(&error, SQL));
        Ok(Box::new(move |_| {
            let _ = self.0.send(result);
        }))
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.0.send(Err(error));
    }

    fn is_checkpoint(&self) -> bool {
        true
    }
}

/// Takes jobs until the database is dropped.
pub(super) fn run(conn: &Connection, jobs: &Receiver<Box<dyn WriteJob>>) {
    let mut next = None;
    while let Some(job) = next.take().or_else(|| jobs.recv_blocking().ok()) {
        if job.is_checkpoint() {
            if let Ok(reply) = job.run(conn) {
                reply(Ok(()));
            }
        } else {
            next = run_group(conn, job, jobs);
        }
    }
}

/// Runs `first` and what else is waiting in one transaction; a job that must run alone is handed back.
fn run_group(
    conn: &Connection,
    first: Box<dyn WriteJob>,
    jobs: &Receiver<Box<dyn WriteJob>>,
) -> Option<Box<dyn WriteJob>> {
    if let Err(error) = execute(conn, "BEGIN IMMEDIATE", &[]) {
        first.fail(error);
        return None;
    }
    let started = Instant::now();
    let mut replies = match first.run(conn) {
        Ok(reply) => vec![reply],
        Err(refusal) => {
            roll_back(conn);
            refusal();
            return None;
        }
    };
    let mut alone = None;
    while replies.len() < MAX_JOBS
        && started.elapsed() < MAX_DURATION
        && let Ok(job) = jobs.try_recv()
    {
        if job.is_checkpoint() {
            alone = Some(job);
            break;
        }
        replies.extend(join(conn, job));
        if conn.is_autocommit() {
            break;
        }
    }
    let committed = commit(conn);
    metrics::counter!("store_commits_total").increment(1);
    metrics::counter!("store_commit_jobs_total").increment(replies.len() as u64);
    for reply in replies {
        reply(committed.clone());
    }
    alone
}

/// Runs a job that shares the transaction of others.
fn join(conn: &Connection, job: Box<dyn WriteJob>) -> Option<Reply> {
    if let Err(error) = execute(conn, "SAVEPOINT job", &[]) {
        job.fail(error);
        return None;
    }
    match job.run(conn) {
        Ok(reply) => match execute(conn, "RELEASE job", &[]) {
            Ok(_) => Some(reply),
            Err(error) => {
                reply(Err(error));
                None
            }
        },
        Err(refusal) => {
            let undone =
                execute(conn, "ROLLBACK TO job", &[]).and_then(|_| execute(conn, "RELEASE job", &[]));
            if undone.is_err() {
                // It cannot be told apart from the others any more.
                roll_back(conn);
            }
            refusal();
            None
        }
    }
}

/// Commits, unless the engine has given the whole transaction up, as it may when the disk is full.
fn commit(conn: &Connection) -> Result<(), Error> {
    if conn.is_autocommit() {
        return Err(Error::Sql {
            kind: crate::ErrorKind::Storage,
            message: "the transaction was rolled back".into(),
            sql: "COMMIT".into(),
        });
    }
    let committed = execute(conn, "COMMIT", &[]).map(drop);
    if committed.is_err() {
        roll_back(conn);
    }
    committed
}

/// Without this the next BEGIN would fail.
fn roll_back(conn: &Connection) {
    if !conn.is_autocommit()
        && let Err(error) = batch(conn, "ROLLBACK")
    {
        tracing::error!(%error, "rolling back");
    }
}

pub(super) async fn submit<T, E, F>(jobs: &Sender<Box<dyn WriteJob>>, f: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    jobs.send(Box::new(Job { f, reply })).await.map_err(|_| Error::Ended)?;
    answer.await.map_err(|_| Error::Ended)?
}

pub(super) async fn checkpoint(jobs: &Sender<Box<dyn WriteJob>>) -> Result<(), Error> {
    let (reply, answer) = oneshot::channel();
    jobs.send(Box::new(Checkpoint(reply))).await.map_err(|_| Error::Ended)?;
    answer.await.map_err(|_| Error::Ended)?
}
