//! The writing thread: whatever is waiting is committed together.
//!
//! Each job runs inside a savepoint of one shared transaction, so a job that fails takes only its own changes back,
//! and a hundred small writes cost one commit. A caller hears of success after the commit, never before.

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

/// A closure on its way to the writing thread.
pub(super) trait WriteJob: Send {
    /// Runs inside a savepoint; the reply to give after the commit, or `None` if it failed and has been answered.
    fn run(self: Box<Self>, conn: &Connection) -> Option<Reply>;
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
    fn run(self: Box<Self>, conn: &Connection) -> Option<Reply> {
        let Self { f, reply } = *self;
        let result = execute(conn, "SAVEPOINT job", &[]).map_err(E::from).and_then(|_| {
            // A panic counts as a failure of this job alone: its caller sees the reply channel closed.
            std::panic::catch_unwind(AssertUnwindSafe(|| f(&mut Conn(ConnInner::Sqlite(conn)))))
                .unwrap_or_else(|_| Err(Error::Ended.into()))
        });
        match result {
            Ok(value) => match execute(conn, "RELEASE job", &[]) {
                Ok(_) => Some(Box::new(move |committed| {
                    let _ = reply.send(committed.map(|()| value).map_err(E::from));
                })),
                Err(error) => {
                    let _ = reply.send(Err(error.into()));
                    None
                }
            },
            Err(error) => {
                // After a full disk SQLite may have rolled the whole transaction back by itself.
                if !conn.is_autocommit() {
                    let undone =
                        execute(conn, "ROLLBACK TO job", &[]).and_then(|_| execute(conn, "RELEASE job", &[]));
                    if let Err(error) = undone {
                        tracing::error!(%error, "a failed write could not be undone alone");
                        let _ = conn.execute_batch("ROLLBACK");
                    }
                }
                let _ = reply.send(Err(error));
                None
            }
        }
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.reply.send(Err(error.into()));
    }
}

struct Checkpoint(oneshot::Sender<Result<(), Error>>);

impl WriteJob for Checkpoint {
    fn run(self: Box<Self>, conn: &Connection) -> Option<Reply> {
        const SQL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
        let result = conn.query_row(SQL, [], |_| Ok(())).map_err(|error| sql_error(&error, SQL));
        let _ = self.0.send(result);
        None
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
    loop {
        let Some(job) = next.take().or_else(|| jobs.recv_blocking().ok()) else { return };
        if job.is_checkpoint() {
            job.run(conn);
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
    let mut replies = Vec::new();
    let mut alone = None;
    let mut next = Some(first);
    while let Some(job) = next.take() {
        if job.is_checkpoint() {
            alone = Some(job);
            break;
        }
        replies.extend(job.run(conn));
        if conn.is_autocommit() {
            // The engine gave up on the whole transaction: nothing of the group is left.
            let lost = Error::Sql {
                kind: crate::ErrorKind::Storage,
                message: "the shared transaction was rolled back".into(),
                sql: "COMMIT".into(),
            };
            replies.drain(..).for_each(|reply| reply(Err(lost.clone())));
            return None;
        }
        if replies.len() < MAX_JOBS && started.elapsed() < MAX_DURATION {
            next = jobs.try_recv().ok();
        }
    }
    let committed = execute(conn, "COMMIT", &[]).map(drop);
    if committed.is_err() && !conn.is_autocommit() {
        // Nothing was committed; without this the next BEGIN would fail.
        if let Err(error) = batch(conn, "ROLLBACK") {
            tracing::error!(%error, "rolling back after a failed commit");
        }
    }
    metrics::counter!("store_commits_total").increment(1);
    metrics::counter!("store_commit_jobs_total").increment(replies.len() as u64);
    for reply in replies {
        reply(committed.clone());
    }
    alone
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
