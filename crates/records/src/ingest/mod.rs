//! Following a stream: one consumer reads ahead, one applier commits, a lease makes sure that only one instance does.
//!
//! The consumer parses and checks while the applier's transaction runs; the bounded queue between them stops the
//! consumer, and with it the socket, when the database is slower than the network. How far the source has been
//! followed is written by the transaction that holds the effects, so there is no moment at which the cursor is ahead.

mod advance;
mod allowance;
mod applier;
mod arrival;
mod config;
mod consumer;
mod firehose;
mod gathered;
mod jetstream;
mod meters;
mod narrate;
mod report;
mod state;
mod upstream;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use advance::{Advance, advance};
pub(crate) use arrival::is_plausible;
pub use config::{IngestConfig, IngestParts};
pub use state::{IngestState, IngestStatus};
pub use upstream::Upstream;

use crate::lease::Lease;
use applier::Applier;
use consumer::Consumer;
use state::Status;

/// Chunks that wait for the applier; with the bound of a chunk this is the memory the queue can take.
const QUEUE: usize = 4;

/// Follows a stream: one server at a time, another if that fails.
pub struct Ingest {
    parts: Arc<IngestParts>,
    status: Status,
}

impl Ingest {
    /// Nothing happens until [`run`](Self::run), but from now on writes know that the hooks decide.
    #[must_use]
    pub fn new(parts: IngestParts) -> Self {
        meters::describe();
        parts.records.decided_by(&parts.hooks);
        Self { parts: Arc::new(parts), status: Status::default() }
    }

    /// Where it stands, now and whenever that changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<IngestStatus> {
        self.status.subscribe()
    }

    /// Follows the stream until the token is cancelled; the transaction under way is finished first.
    pub async fn run(self, shutdown: CancellationToken) {
        while let Some(lease) = self.wait_for_lease(&shutdown).await {
            self.lead(&lease, &shutdown).await;
            if shutdown.is_cancelled() {
                lease.release().await;
                break;
            }
        }
        self.status.set(IngestState::Stopped);
    }

    /// Reads and applies until the lease is lost or the token cancelled.
    async fn lead(&self, lease: &Lease, shutdown: &CancellationToken) {
        // Ends what is spawned here when the applier ends, whichever reason it has.
        let session = shutdown.child_token();
        let _ends_with_us = session.clone().drop_guard();
        let IngestParts { records, events, .. } = &*self.parts;
        // Before anything is written, so that nothing is missed.
        let told = records.last_change().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "events of records are told from the beginning of the log");
            0
        });
        let narrator = tokio::spawn(narrate::narrate(records.clone(), events.clone(), told, session.clone()));
        let (chunks, queue) = mpsc::channel(QUEUE);
        let consumer = Consumer::new(Arc::clone(&self.parts), self.status.clone(), lease.position(), chunks);
        let consumer = tokio::spawn(consumer.run(session.clone()));
        let applier = Applier::new(Arc::clone(&self.parts), self.status.clone(), lease);
        let ended = applier.run(queue, &session).await;
        session.cancel();
        if let Err(error) = narrator.await {
            tracing::error!(%error, "the telling of record events ended badly; it is started again");
        }
        if let Err(error) = consumer.await {
            tracing::error!(%error, "the stream's consumer ended badly; it is started again");
        }
        if let Err(error) = ended {
            tracing::warn!(%error, "following the stream ended");
        }
    }

    async fn wait_for_lease(&self, shutdown: &CancellationToken) -> Option<Lease> {
        /// Between two looks at a lease that another instance holds.
        const PERIOD: Duration = Duration::from_secs(1);
        while !shutdown.is_cancelled() {
            match advance::lease(&self.parts.records, &self.parts.config).await {
                Ok(Some(lease)) => return Some(lease),
                Ok(None) => self.status.set(IngestState::Standby),
                Err(error) => self.status.set(IngestState::Stalled { reason: error.to_string() }),
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
        None
    }
}
