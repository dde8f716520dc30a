//! Asking labelers what they have said of records that are new here.
//!
//! A label usually comes after its record. But a record that is fetched from the past, or whose collection is indexed only
//! now, was labelled long ago. Asking for that is off the path of the records: whoever has new ones names them and goes
//! on.

mod query;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use clock::jittered;
use futures::{StreamExt, stream};
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};
use tokio_util::sync::CancellationToken;

use crate::{LabelsParts, telemetry};

/// AT URIs that may wait. Beyond them, new ones are dropped: a label that is missed is a smaller loss than the memory.
const QUEUE: usize = 20_000;

/// AT URIs asked for together, and how long the first of them waits for others.
const BATCH: usize = 1_000;
const GATHER: Duration = Duration::from_millis(250);

/// Labelers asked at a time.
const AT_ONCE: usize = 8;

/// Waits after attempts that failed; after the last one the labeler is not asked about these records again.
const RETRIES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// Takes names of records whose labels are wanted. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetch {
    queue: Sender<String>,
}

/// The other end: a task to run as long as the server does.
#[must_use = "labelers are asked only while `Fetcher::run` runs"]
pub struct Fetcher {
    parts: Arc<LabelsParts>,
    waiting: Receiver<String>,
}

impl Fetch {
    /// The queue and what works it off. What waits in it is lost with the process.
    pub fn open(parts: LabelsParts) -> (Self, Fetcher) {
        telemetry::describe();
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, Fetcher { parts: Arc::new(parts), waiting })
    }

    /// Asks every active labeler about these AT URIs, later. Never waits; how many were taken.
    pub fn fetch_for(&self, uris: impl IntoIterator<Item = String>) -> usize {
        let mut taken = 0;
        for uri in uris {
            match self.queue.try_send(uri) {
                Ok(()) => taken += 1,
                Err(TrySendError::Full(_)) => telemetry::not_queried("queue_full", 1),
                Err(TrySendError::Closed(_)) => telemetry::not_queried("shutting_down", 1),
            }
        }
        taken
    }
}

impl Fetcher {
    /// Asks until the token is cancelled or nobody can name records any more.
    pub async fn run(mut self, shutdown: CancellationToken) {
        while let Some(Some(first)) = shutdown.run_until_cancelled(self.waiting.recv()).await {
            let mut batch = BTreeSet::from([first]);
            let gathering = tokio::time::sleep(GATHER);
            tokio::pin!(gathering);
            while batch.len() < BATCH {
                tokio::select! {
                    () = &mut gathering => break,
                    () = shutdown.cancelled() => return,
                    more = self.waiting.recv() => match more {
                        Some(uri) => drop(batch.insert(uri)),
                        None => break,
                    },
                }
            }
            self.ask_all(&batch, &shutdown).await;
        }
    }

    async fn ask_all(&self, uris: &BTreeSet<String>, shutdown: &CancellationToken) {
        let labelers = match self.parts.labelers.active().await {
            Ok(labelers) => labelers,
            Err(error) => {
                telemetry::not_queried("failed", uris.len() as u64);
                return tracing::warn!(%error, "the labelers of new records cannot be read");
            }
        };
        stream::iter(labelers)
            .for_each_concurrent(AT_ONCE, |labeler| self.ask(labeler, uris, shutdown))
            .await;
    }

    async fn ask(&self, labeler: Did, uris: &BTreeSet<String>, shutdown: &CancellationToken) {
        for chunk in query::chunks(uris) {
            let mut waits = RETRIES.into_iter();
            loop {
                let asked = query::ask(&self.parts, &labeler, &chunk, shutdown).await;
                let Err(error) = asked else { break };
                tracing::debug!(%error, %labeler, "asking for the labels of new records");
                let wait = waits.next().filter(|_| error.is_transient() && !shutdown.is_cancelled());
                let Some(wait) = wait else {
                    telemetry::not_queried("failed", chunk.len() as u64);
                    break;
                };
                tokio::time::sleep(jittered(wait)).await;
            }
        }
    }
}
