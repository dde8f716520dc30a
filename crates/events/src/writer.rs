//! What takes waiting events into the database.

use std::{sync::Arc, time::Duration};

use store::Database;
use tokio::{
    sync::mpsc::Receiver,
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{StoredEvent, prune::prune, telemetry};

/// Events in one transaction at most.
const BATCH: usize = 500;

/// Between two attempts while the database does not answer.
const RETRY_AFTER: Duration = Duration::from_secs(1);

const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// The other end of the queue: a task to run as long as the server does.
#[must_use = "events are written only while `Writer::run` runs"]
pub struct Writer {
    state: Database,
    waiting: Receiver<StoredEvent>,
    retention: Option<Duration>,
}

impl Writer {
    pub(crate) fn new(state: Database, waiting: Receiver<StoredEvent>, retention: Option<Duration>) -> Self {
        Self { state, waiting, retention }
    }

    /// Writes events as they come and deletes old ones every hour. After `stop` it takes no more events, writes what is
    /// waiting, and returns: one that is run with a cancelled token writes what has been recorded, as a command wants it.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut hourly = interval(PRUNE_EVERY);
        hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(BATCH);
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = hourly.tick() => self.prune().await,
                received = self.waiting.recv_many(&mut batch, BATCH) => match received {
                    0 => return, // Nobody is left to record anything.
                    _ => self.write(&mut batch, &stop).await,
                },
            }
        }
        self.waiting.close();
        while self.waiting.recv_many(&mut batch, BATCH).await > 0 {
            self.write(&mut batch, &stop).await;
        }
    }

    /// Leaves `batch` empty: the events are written, or, if the database refuses them, dropped. While it only does not
    /// answer, they wait, until the server stops.
    async fn write(&self, batch: &mut Vec<StoredEvent>, stop: &CancellationToken) {
        let events: Arc<[StoredEvent]> = batch.drain(..).collect();
        let mut said = false;
        loop {
            let rows = Arc::clone(&events);
            let written = self.state.write(move |conn| rows.iter().try_for_each(|event| event.insert(conn)));
            let Err(error) = written.await else { return telemetry::written(events.len()) };
            if !error.is_transient() || stop.is_cancelled() {
                warn!(%error, events = events.len(), "events are missing from the event log");
                return telemetry::dropped("database", events.len());
            }
            // Said once: a full disk fails every second.
            if !said {
                warn!(%error, "cannot write events; will go on trying");
                said = true;
            }
            stop.run_until_cancelled(sleep(RETRY_AFTER)).await;
        }
    }

    async fn prune(&self) {
        let Some(retention) = self.retention else { return };
        if let Err(error) = prune(&self.state, retention).await {
            warn!(%error, "cannot delete old events; will try again in an hour");
        }
    }
}
