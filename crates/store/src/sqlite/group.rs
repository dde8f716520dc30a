//! One transaction for everything that is waiting.
//!
//! The first job of a group simply runs in the transaction; those that join it run inside a savepoint, so that one
//! that fails takes only its own changes back. (A savepoint makes the engine copy every page it touches, so a long batch,
//! which usually comes first, does without.) A caller hears of success after the commit, never before.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::job::{Reply, WriteJob};
use super::statement::{batch, execute};
use crate::Error;

/// Jobs that may share one commit.
const MAX_JOBS: usize = 128;

/// After this long no further job joins, so that nobody waits for strangers.
const MAX_DURATION: Duration = Duration::from_millis(20);

/// Waits for the lock of the file, as long as the connection is told to.
pub(super) fn begin(conn: &Connection) -> Result<(), Error> {
    execute(conn, "BEGIN IMMEDIATE", &[]).map(drop)
}

/// Runs `first` and what `next` has in the transaction that has begun, and ends it; a job that must run alone is handed back.
pub(super) fn run_group(
    conn: &Connection,
    first: Box<dyn WriteJob>,
    mut next: impl FnMut() -> Option<Box<dyn WriteJob>>,
) -> Option<Box<dyn WriteJob>> {
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
        && let Some(job) = next()
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
            let undo =
                if faults::mutant!("store-failed-write-stays") { "SAVEPOINT job" } else { "ROLLBACK TO job" };
            let undone = execute(conn, undo, &[]).and_then(|_| execute(conn, "RELEASE job", &[]));
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
