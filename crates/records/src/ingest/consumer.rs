//! Staying connected.

use std::sync::Arc;

use clock::jittered;
use events::kinds;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::IngestParts;
use super::admit::Admission;
use super::session::{End, Session};
use super::state::{IngestState, Status};
use crate::event::Event;
use crate::lease::Position;
use crate::{Gap, Interest};

/// Events read in one go, on their way to the applier.
pub(super) struct Chunk {
    pub(super) events: Vec<Event>,
    /// The last frame read, whether or not it became an event.
    pub(super) position: Position,
    pub(super) gap: Option<Gap>,
}

/// Connects, reads, and connects again.
pub(super) struct Consumer {
    pub(super) parts: Arc<IngestParts>,
    pub(super) status: Status,
    pub(super) admission: Admission,
    /// What was handed on last, where the next connection continues. It is ahead of the committed cursor by what is in
    /// the queue; a restart begins at the committed one.
    pub(super) position: Option<Position>,
    /// What the last connection asked for.
    pub(super) asked: Arc<Interest>,
    pub(super) chunks: mpsc::Sender<Chunk>,
    /// What the event log was told last: whether there is a connection.
    connected: Option<bool>,
}

impl Consumer {
    pub(super) fn new(
        parts: Arc<IngestParts>,
        status: Status,
        position: Option<Position>,
        chunks: mpsc::Sender<Chunk>,
    ) -> Self {
        let admission = Admission::new(parts.events.clone());
        Self { parts, status, admission, position, asked: Arc::default(), chunks, connected: None }
    }

    /// Prepares to ask for other collections. If one is no longer among them, the event at the position may have been
    /// of that one and is not to be expected again.
    pub(super) fn ask_for(&mut self, interest: &Arc<Interest>) {
        if let Some(position) = &mut self.position
            && !self.asked.collections().all(|collection| interest.contains(collection))
        {
            position.at_event = false;
        }
        self.asked = Arc::clone(interest);
    }

    /// Tells the event log of a connection or its loss, once, however many attempts it takes to get over it.
    pub(super) fn report(&mut self, connected: bool, reason: Option<&str>) {
        if self.connected.replace(connected) == Some(connected) {
            return;
        }
        let kind = if connected { kinds::JETSTREAM_CONNECTED } else { kinds::JETSTREAM_DISCONNECTED };
        let url = self.parts.config.url.as_str();
        let detail = json!({ "url": url, "reason": reason });
        self.parts.events.record(events::Event::new(kind).subject(url).detail(detail));
    }

    /// Until the token is cancelled.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let (first, longest) = self.parts.config.back_off;
        let mut wait = first;
        loop {
            match Session::run(&mut self, &shutdown).await {
                End::Cancelled => return,
                // Other collections: the next connection asks for them at once.
                End::Resubscribe => continue,
                End::Disconnected { reason, was_connected } => {
                    self.report(false, Some(&reason));
                    self.status.set(IngestState::Disconnected { reason });
                    if was_connected {
                        wait = first;
                    }
                }
            }
            let pause = jittered(wait);
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            wait = (wait * 2).min(longest);
        }
    }
}
