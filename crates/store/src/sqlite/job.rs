//! A closure on its way to the connection that writes.

use std::panic::AssertUnwindSafe;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::statement::sql_error;
use crate::conn::ConnInner;
use crate::{Conn, Error};

/// Tells the caller of one job how the shared commit went.
pub(super) type Reply = Box<dyn FnOnce(Result<(), Error>)>;

/// Tells the caller of one job that it failed, once its changes are undone.
pub(super) type Refusal = Box<dyn FnOnce()>;

/// Something to be done in a transaction.
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

/// What a caller wants, and where it waits for the answer.
pub(super) struct Job<F, T, E> {
    pub(super) f: F,
    pub(super) reply: oneshot::Sender<Result<T, E>>,
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
        let result =
            std::panic::catch_unwind(AssertUnwindSafe(|| f(&mut Conn::new(ConnInner::Sqlite(conn)))))
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

/// Copies the write-ahead log into the database file and empties it.
pub(super) struct Checkpoint(pub(super) oneshot::Sender<Result<(), Error>>);

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
