//! What a client said, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;
use tokio::sync::mpsc;

use super::connection::Connection;
use super::events::message;
use crate::messages::NewMessage;

/// Events of one socket that may wait; a client that says more before any of it is done is disconnected.
const MAX_EVENTS: usize = 8192;

/// Their size.
const MAX_BYTES: usize = 32 * 1024 * 1024;

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

struct Weighed {
    bytes: usize,
    connection: Arc<Connection>,
    job: Job,
}

/// The sending end; a task at the other does the work until the last sender is gone.
pub(super) struct Queue {
    jobs: mpsc::UnboundedSender<Weighed>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    events: AtomicUsize,
    bytes: AtomicUsize,
}

impl Queue {
    pub(super) fn new() -> Self {
        let (jobs, received) = mpsc::unbounded_channel();
        let waiting = Arc::new(Waiting::default());
        tokio::spawn(work(received, waiting.clone()));
        Self { jobs, waiting }
    }

    /// Whether there was room for it.
    pub(super) fn push(&self, connection: &Arc<Connection>, bytes: usize, job: Job) -> bool {
        let events = self.waiting.events.fetch_add(1, Ordering::Relaxed);
        let total = self.waiting.bytes.fetch_add(bytes, Ordering::Relaxed);
        let weighed = Weighed { bytes, connection: connection.clone(), job };
        if events >= MAX_EVENTS || total >= MAX_BYTES || self.jobs.send(weighed).is_err() {
            self.waiting.done(bytes);
            return false;
        }
        true
    }
}

impl Waiting {
    fn done(&self, bytes: usize) {
        self.events.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

async fn work(mut jobs: mpsc::UnboundedReceiver<Weighed>, waiting: Arc<Waiting>) {
    let mut next = None;
    loop {
        let Weighed { bytes, connection, job } = match next.take() {
            Some(job) => job,
            None => match jobs.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        connection.listener.begun.cancelled().await;
        match job {
            Job::Other(work) => work.await,
            Job::Message { session, message } => {
                let mut batch = vec![message];
                while batch.len() < MAX_BATCH {
                    match jobs.try_recv() {
                        Ok(Weighed { bytes, job: Job::Message { session: other, message }, .. })
                            if other == session =>
                        {
                            waiting.done(bytes);
                            batch.push(message);
                        }
                        Ok(another) => {
                            next = Some(another);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                message::send(&connection, session, batch).await;
            }
        }
        waiting.done(bytes);
    }
}
