//! The log as the rest of the server sees it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clock::now_micros;
use store::Database;
use time::OffsetDateTime;
use tokio::sync::mpsc::{self, Sender, error::TrySendError};

use crate::{Event, StoredEvent, Writer, telemetry};

/// Events that may wait for the database. Beyond them, new ones are dropped.
const QUEUE: usize = 4096;

/// Where events are recorded and read. Cheap to clone; clones share the queue.
#[derive(Clone, Debug)]
pub struct EventLog {
    pub(crate) state: Database,
    queue: Sender<StoredEvent>,
    verbose: Arc<AtomicBool>,
}

impl EventLog {
    /// The log in the durable database, which must have been opened with [`SCHEMA`](crate::SCHEMA), and the writer that
    /// must run for events to get there. Entries older than `retention` are deleted; `None` keeps them for ever.
    pub fn open(state: &Database, retention: Option<Duration>) -> (Self, Writer) {
        telemetry::describe();
        let (queue, waiting) = mpsc::channel(QUEUE);
        let log = Self { state: state.clone(), queue, verbose: Arc::default() };
        (log, Writer::new(state.clone(), waiting, retention))
    }

    /// Notes an event. Never waits and never fails.
    pub fn record(&self, event: Event) {
        if event.kind.verbose && !self.is_verbose() {
            return;
        }
        match self.queue.try_send(StoredEvent::new(event, now_micros())) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => telemetry::dropped("queue_full", 1),
            Err(TrySendError::Closed(_)) => telemetry::dropped("shutting_down", 1),
        }
    }

    /// Whether events of every single record are kept: what makes many of them asks first.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbose.load(Ordering::Relaxed)
    }

    /// Whether events of every single record are wanted, too (the setting `verbose_event_logging`).
    pub fn set_verbose(&self, verbose: bool) {
        self.verbose.store(verbose, Ordering::Relaxed);
    }
}

pub(crate) fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}
