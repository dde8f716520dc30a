//! What a client said, in order.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::connection::Connection;
use super::events::message;
use crate::messages::NewMessage;

/// Events of one socket that may wait; a client that says more before any of it is done is disconnected.
const MAX_EVENTS: usize = 8192;

/// Their size.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How long a socket that takes nothing is left alone.
const PAUSE: Duration = Duration::from_millis(25);

/// Messages that become one transaction.
const MAX_BATCH: usize = 100;

/// Something to be done for a client.
pub(super) enum Job {
    /// Messages that follow each other in one session become one batch.
    Message {
        session: String,
        message: NewMessage,
    },
    Other(BoxFuture<'static, ()>),
}

/// A task works it off while there is something; a socket that says nothing has none.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(usize, Job)>,
    bytes: usize,
    /// Whether there is a task, which looks here again before it ends.
    is_worked_off: bool,
}

impl Queue {
    /// Whether there was room for it.
    pub(super) fn push(&self, connection: &Arc<Connection>, bytes: usize, job: Job) -> bool {
        let mut waiting = self.waiting();
        if waiting.jobs.len() >= MAX_EVENTS || waiting.bytes >= MAX_BYTES {
            return false;
        }
        waiting.bytes += bytes;
        waiting.jobs.push_back((bytes, job));
        if !std::mem::replace(&mut waiting.is_worked_off, true) {
            tokio::spawn(work(connection.clone()));
        }
        true
    }

    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        let job = waiting.next();
        if job.is_none() {
            // Also what the largest crowd took.
            *waiting = Waiting::default();
        }
        job
    }

    /// The messages of a session that come next.
    fn batch(&self, session: &str, first: NewMessage) -> Vec<NewMessage> {
        let mut waiting = self.waiting();
        let mut batch = vec![first];
        while batch.len() < MAX_BATCH
            && matches!(waiting.jobs.front(), Some((_, Job::Message { session: other, .. })) if other == session)
            && let Some(Job::Message { message, .. }) = waiting.next()
        {
            batch.push(message);
        }
        batch
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // No code under the lock panics half-way through a change.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Job> {
        let (bytes, job) = self.jobs.pop_front()?;
        self.bytes -= bytes;
        Some(job)
    }
}

/// Holds the connection, also when its socket has gone: what was said is done.
async fn work(connection: Arc<Connection>) {
    connection.listener.begun.cancelled().await;
    while let Some(job) = connection.queue.next() {
        room(&connection).await;
        // A panic has been reported; what else was said is done all the same.
        let _ = AssertUnwindSafe(carry_out(&connection, job)).catch_unwind().await;
    }
}

/// Who does not take what it is owed is not answered for now, so what it says next waits.
async fn room(connection: &Connection) {
    let listener = &connection.listener;
    while !listener.owed.has_room() && !listener.gone.is_cancelled() {
        tokio::time::sleep(PAUSE).await;
    }
}

async fn carry_out(connection: &Connection, job: Job) {
    match job {
        Job::Other(work) => work.await,
        Job::Message { session, message } => {
            let batch = connection.queue.batch(&session, message);
            message::send(connection, session, batch).await;
        }
    }
}
