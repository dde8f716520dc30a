//! Where the stream stands, for people and probes.

use std::sync::Arc;

use tokio::sync::watch;

use super::meters::connected;

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngestStatus {
    /// What it is doing.
    pub state: IngestState,
    /// Time of the last event whose effects are committed, in microseconds of the source's clock.
    pub cursor: Option<i64>,
}

/// What following the stream is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IngestState {
    /// Not yet.
    Starting,
    /// Another instance follows the stream.
    Standby,
    /// No app wants anything yet.
    Idle,
    /// The connection is being made.
    Connecting,
    /// The connection failed or broke; it is made again.
    Disconnected {
        /// Why.
        reason: String,
    },
    /// Events arrive.
    Live,
    /// The database does not take them for now; it is tried again.
    Stalled {
        /// Why.
        reason: String,
    },
    /// Ended, with the server.
    Stopped,
}

/// The writing end.
#[derive(Clone, Debug)]
pub(super) struct Status(Arc<watch::Sender<IngestStatus>>);

impl Default for Status {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(IngestStatus { state: IngestState::Starting, cursor: None })))
    }
}

impl Status {
    pub(super) fn subscribe(&self) -> watch::Receiver<IngestStatus> {
        self.0.subscribe()
    }

    /// Changes the state; each change is logged once, however often it is repeated.
    pub(super) fn set(&self, state: IngestState) {
        let changed = self.0.send_if_modified(|status| {
            let changed = status.state != state;
            status.state = state;
            changed
        });
        if changed {
            connected(matches!(self.0.borrow().state, IngestState::Live));
            match &self.0.borrow().state {
                IngestState::Disconnected { reason } => tracing::warn!(%reason, "jetstream.disconnected"),
                IngestState::Stalled { reason } => {
                    tracing::error!(%reason, "ingest waits for the database and resumes by itself; reads go on");
                }
                state => tracing::info!(?state, "ingest"),
            }
        }
    }

    pub(super) fn is_stalled(&self) -> bool {
        matches!(self.0.borrow().state, IngestState::Stalled { .. })
    }

    pub(super) fn committed(&self, cursor: i64) {
        self.0.send_modify(|status| status.cursor = Some(cursor));
    }
}
