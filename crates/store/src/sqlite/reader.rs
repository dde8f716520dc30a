//! The reading threads.

use async_channel::{Receiver, Sender};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::conn::ConnInner;
use crate::{Conn, Error};

/// A closure on its way to a reading thread.
pub(super) trait ReadJob: Send {
    fn run(self: Box<Self>, conn: &Connection);
}

struct Job<F, T, E> {
    f: F,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> ReadJob for Job<F, T, E>
where
    T: Send,
    E: Send,
    F: Fn(&mut Conn<'_>) -> Result<T, E> + Send,
{
    fn run(self: Box<Self>, conn: &Connection) {
        // The caller may have gone away; nobody misses the answer then.
        let _ = self.reply.send((self.f)(&mut Conn::new(ConnInner::Sqlite(conn))));
    }
}

/// Takes jobs until the database is dropped.
pub(super) fn run(conn: &Connection, jobs: &Receiver<Box<dyn ReadJob>>) {
    while let Ok(job) = jobs.recv_blocking() {
        // A panic is the caller's: it sees its reply channel closed, the thread goes on.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job.run(conn)));
    }
}

pub(super) async fn submit<T, E, F>(jobs: &Sender<Box<dyn ReadJob>>, f: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    jobs.send(Box::new(Job { f, reply })).await.map_err(|_| Error::Ended)?;
    answer.await.map_err(|_| Error::Ended)?
}
