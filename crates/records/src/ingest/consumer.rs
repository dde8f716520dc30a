//! Staying connected.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use clock::jittered;
use events::kinds;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::firehose::{self, Followed, Judge};
use super::jetstream::{self, Admission};
use super::state::{IngestState, Status};
use super::{IngestParts, Upstream};
use crate::event::Event;
use crate::lease::Position;
use crate::{Gap, Interest};

/// Events read in one go, on their way to the applier.
pub(super) struct Chunk {
    pub(super) events: Vec<Event>,
    /// Where each of them is in the stream, if something can go on behind any of them; else empty.
    pub(super) places: Vec<Position>,
    /// The last frame read, whether or not it became an event.
    pub(super) position: Position,
    pub(super) gap: Option<Gap>,
    /// What became of repositories, where that is known.
    pub(super) followed: Followed,
}

/// Why a session ended.
pub(super) enum End {
    /// The server stops, or the applier did.
    Cancelled,
    /// Other collections are wanted.
    Resubscribe,
    /// The connection could not be made or broke.
    Disconnected { reason: String, was_connected: bool },
}

/// Connects, reads, and connects again.
pub(super) struct Consumer {
    pub(super) parts: Arc<IngestParts>,
    pub(super) status: Status,
    pub(super) admission: Admission,
    pub(super) judge: Judge,
    /// What was handed on last, where the next connection continues. It is ahead of the committed cursor by what is in
    /// the queue; a restart begins at the committed one.
    pub(super) position: Option<Position>,
    /// The last message of each firehose that was handed on.
    pub(super) passed: HashMap<Url, i64>,
    /// Jetstream servers that refuse the dictionary that is known here.
    pub(super) uncompressed: HashSet<Url>,
    /// What the last connection asked for.
    pub(super) asked: Arc<Interest>,
    pub(super) chunks: mpsc::Sender<Chunk>,
    /// What the event log was told last: whether there is a connection.
    connected: Option<bool>,
    /// Which of the servers is followed.
    current: usize,
}

/// How often in a row one server may fail before the next is asked.
const MAX_FAILURES: u32 = 2;

impl Consumer {
    pub(super) fn new(
        parts: Arc<IngestParts>,
        status: Status,
        position: Option<Position>,
        chunks: mpsc::Sender<Chunk>,
    ) -> Self {
        let admission = Admission::new(parts.events.clone());
        let judge = Judge::new(parts.records.clone(), parts.resolver.clone(), parts.events.clone());
        Self {
            parts,
            status,
            admission,
            judge,
            position,
            passed: HashMap::new(),
            uncompressed: HashSet::new(),
            asked: Arc::default(),
            chunks,
            connected: None,
            current: 0,
        }
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

    /// The server that is followed.
    fn upstream(&self) -> Upstream {
        self.parts.config.upstreams[self.current].clone()
    }

    /// Turns to the next server. Its numbers are others, and so is the moment at which it passes something on.
    fn turn(&mut self) {
        self.current = (self.current + 1) % self.parts.config.upstreams.len();
        if let Some(position) = &mut self.position {
            position.at_event = false;
        }
        tracing::warn!(upstream = %self.upstream(), "another server is followed");
    }

    /// Nothing is wanted. No filter would mean everything.
    pub(super) async fn idle(
        &self,
        wanted: &mut watch::Receiver<Arc<Interest>>,
        shutdown: &CancellationToken,
    ) -> End {
        self.status.set(IngestState::Idle);
        tokio::select! {
            () = shutdown.cancelled() => End::Cancelled,
            _ = wanted.changed() => End::Resubscribe,
        }
    }

    /// Tells the event log of a connection or its loss, once, however many attempts it takes to get over it.
    pub(super) fn report(&mut self, connected: bool, reason: Option<&str>) {
        if self.connected.replace(connected) == Some(connected) {
            return;
        }
        let kind = if connected { kinds::JETSTREAM_CONNECTED } else { kinds::JETSTREAM_DISCONNECTED };
        let upstream = self.upstream();
        let url = upstream.url().as_str();
        let detail = json!({ "url": url, "reason": reason });
        self.parts.events.record(events::Event::new(kind).subject(url).detail(detail));
    }

    /// Until the token is cancelled.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let (first, longest) = self.parts.config.back_off;
        let (mut wait, mut failures) = (first, 0);
        loop {
            let end = match self.upstream() {
                Upstream::Jetstream(url) => jetstream::Session::run(&mut self, url, &shutdown).await,
                Upstream::Firehose(url) => firehose::Session::run(&mut self, url, &shutdown).await,
            };
            match end {
                End::Cancelled => return,
                // Other collections: the next connection asks for them at once.
                End::Resubscribe => continue,
                End::Disconnected { reason, was_connected } => {
                    self.report(false, Some(&reason));
                    self.status.set(IngestState::Disconnected { reason });
                    if was_connected {
                        (wait, failures) = (first, 0);
                    }
                    failures += 1;
                    if failures >= MAX_FAILURES && self.parts.config.upstreams.len() > 1 {
                        self.turn();
                        (wait, failures) = (first, 0);
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
