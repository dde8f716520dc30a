//! One connection, from its handshake to its end.

use std::sync::Arc;
use std::time::Duration;

use atproto::jetstream::MAX_FRAME_BYTES;
use futures::{FutureExt, StreamExt};
use outbound::tungstenite::{self, Message};
use outbound::{WebSocket, WebSocketOptions};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::admit::{Admitted, Heard};
use super::dialect::Dialect;
use crate::ingest::advance::found_gap;
use crate::ingest::arrival::{self, REWIND_US};
use crate::ingest::consumer::{Chunk, Consumer, End};
use crate::ingest::firehose::Followed;
use crate::ingest::state::IngestState;
use crate::lease::Position;
use crate::{Gap, Interest, now_micros};

/// Frames per chunk at most, and bytes: together with the queue's length the memory that waits for the database.
const CHUNK_FRAMES: usize = 1_000;
const CHUNK_BYTES: usize = 4 << 20;

/// Servers ping every 30 s; a connection that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(90);

/// A session borrows the consumer: what it learns outlives it.
pub(in crate::ingest) struct Session<'c> {
    consumer: &'c mut Consumer,
    socket: WebSocket,
    dialect: Dialect,
    interest: Arc<Interest>,
    /// The event to expect first, or one close to it, until something has come.
    unconfirmed: Option<i64>,
    /// The server said that it does not remember what came after the position; until something has come.
    is_forgotten: bool,
}

impl<'c> Session<'c> {
    /// Connects and reads until something ends it.
    pub(in crate::ingest) async fn run(
        consumer: &'c mut Consumer,
        server: Url,
        shutdown: &CancellationToken,
    ) -> End {
        let mut wanted = consumer.parts.wanted.subscribe();
        let interest = wanted.borrow_and_update().clone();
        if interest.collections().next().is_none() {
            return consumer.idle(&mut wanted, shutdown).await;
        }
        consumer.status.set(IngestState::Connecting);
        consumer.ask_for(&interest);
        // Before connecting, and asked for also where nothing was followed yet: a server that is asked for nothing sends
        // what happens after the handshake, and what is written while the connection is made would never come.
        let start = now_micros();
        let beginning = Position { time_us: start, at_event: false };
        let asked = asked_from(consumer.position.unwrap_or(beginning), start);
        let connected = tokio::select! {
            () = shutdown.cancelled() => return End::Cancelled,
            connected = connect(consumer, &server, &interest, asked) => connected,
        };
        let socket = match connected {
            Ok(socket) => socket,
            Err(error) => return End::Disconnected { reason: error.to_string(), was_connected: false },
        };
        let from = consumer.position.map_or(start, |_| asked);
        if let Err(error) = consumer.parts.records.follow(&interest.index, from).await {
            return End::Disconnected { reason: error.to_string(), was_connected: false };
        }
        tracing::info!(url = %server.origin().ascii_serialization(), cursor = asked, "jetstream.connected");
        consumer.status.set(IngestState::Live);
        consumer.report(true, None);
        let unconfirmed =
            consumer.position.filter(|position| position.at_event).map(|position| position.time_us);
        if consumer.position.is_none() {
            consumer.position = Some(beginning);
            let chunk = Chunk {
                events: Vec::new(),
                places: Vec::new(),
                position: beginning,
                gap: None,
                followed: Followed::default(),
            };
            if consumer.chunks.send(chunk).await.is_err() {
                return End::Cancelled;
            }
        }
        let dialect = Dialect::of(&server);
        let session = Session { consumer, socket, dialect, interest, unconfirmed, is_forgotten: false };
        session.read(&mut wanted, shutdown).await
    }

    async fn read(
        mut self,
        wanted: &mut watch::Receiver<Arc<Interest>>,
        shutdown: &CancellationToken,
    ) -> End {
        loop {
            let next = tokio::select! {
                biased;
                () = shutdown.cancelled() => return End::Cancelled,
                _ = wanted.changed() => return End::Resubscribe,
                next = tokio::time::timeout(SILENCE, self.socket.next()) => next,
            };
            let Ok(next) = next else {
                return broken("nothing was heard for a minute and a half");
            };
            let (chunk, end) = self.chunk(next);
            if let Some(chunk) = chunk {
                // Waits while the queue is full: reading stops, and so does the sender.
                let handed_on = tokio::select! {
                    () = shutdown.cancelled() => return End::Cancelled,
                    handed_on = self.consumer.chunks.send(chunk) => handed_on,
                };
                if handed_on.is_err() {
                    return End::Cancelled;
                }
            }
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Takes `first` and whatever else has already arrived.
    fn chunk(&mut self, first: Option<Result<Message, tungstenite::Error>>) -> (Option<Chunk>, Option<End>) {
        let (mut events, mut places, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        let mut gap = None;
        let (mut frames, mut bytes, mut arrived) = (0, 0, false);
        let mut next = Some(first);
        let mut end = None;
        while let Some(message) = next.take() {
            let message = match message {
                Some(Ok(Message::Close(frame))) => {
                    let reason = frame.map_or_else(String::new, |frame| format!(": {frame}"));
                    end = Some(broken(&format!("the server closed the connection{reason}")));
                    break;
                }
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    end = Some(broken(&error.to_string()));
                    break;
                }
                None => {
                    end = Some(broken("the connection ended"));
                    break;
                }
            };
            frames += 1;
            bytes += message.len();
            match self.consumer.admission.admit(message, self.dialect, &self.interest) {
                Heard::Event(Admitted { time_us, event, step }) => {
                    gap = self.arrived(time_us).or(gap);
                    arrived = true;
                    places.extend(self.consumer.position.filter(|_| event.is_some()));
                    events.extend(event);
                    steps.extend(step);
                }
                Heard::Forgotten => self.is_forgotten = true,
                Heard::End(reason) => {
                    end = Some(broken(&format!("the server ends the stream: {reason}")));
                    break;
                }
                Heard::Nothing => {}
            }
            if frames < CHUNK_FRAMES && bytes < CHUNK_BYTES {
                next = self.socket.next().now_or_never();
            }
        }
        let position = self.consumer.position.filter(|_| arrived);
        if !steps.is_empty() {
            // These are written with the last of the events.
            places.clear();
        }
        let chunk =
            |position| Chunk { events, places, position, gap, followed: Followed { at: None, steps } };
        (position.map(chunk), end)
    }

    /// Moves on to an event's time; the gap it shows, if any.
    fn arrived(&mut self, time_us: i64) -> Option<Gap> {
        let mut known = self.consumer.position.filter(|position| position.at_event);
        let mut gap = self
            .unconfirmed
            .take()
            .and_then(|cursor| arrival::judge(cursor, time_us))
            .filter(|_| !faults::mutant!("records-gap-not-recorded"));
        let is_forgotten = std::mem::take(&mut self.is_forgotten);
        if gap.is_none()
            && is_forgotten
            && let Some(position) = self.consumer.position.filter(|position| position.time_us < time_us)
        {
            gap = Some(found_gap(
                position.time_us,
                time_us,
                "the source says that it has forgotten what came after the cursor",
            ));
        }
        if let Some(gap) = &gap {
            metrics::counter!("ingest_gaps_total").increment(1);
            tracing::error!(from_us = gap.from_us, to_us = gap.to_us, reason = %gap.reason, "a gap in the stream");
            // From here on the new source's clock counts.
            known = None;
        }
        // Repetitions after a rewind do not take the cursor back.
        let time_us = known.map_or(time_us, |known| known.time_us.max(time_us));
        self.consumer.position = Some(Position { time_us, at_event: true });
        gap
    }
}

fn broken(reason: &str) -> End {
    End::Disconnected { reason: reason.to_owned(), was_connected: true }
}

/// The cursor that a connection asks for. One in the future would be answered with the live tail, silently.
fn asked_from(position: Position, now: i64) -> i64 {
    (position.time_us - REWIND_US).clamp(1, now)
}

/// A connection to a server that sends what came after `cursor`, a time in microseconds.
async fn connect(
    consumer: &mut Consumer,
    server: &Url,
    interest: &Interest,
    cursor: i64,
) -> Result<WebSocket, outbound::Error> {
    let dialect = Dialect::of(server);
    let collections: Vec<_> = interest.collections().cloned().collect();
    let options =
        WebSocketOptions { max_frame: MAX_FRAME_BYTES, max_message: MAX_FRAME_BYTES, ..Default::default() };
    let compress = consumer.parts.config.compress && !consumer.uncompressed.contains(server);
    let url = dialect.subscription(server.clone(), collections.clone(), cursor, compress);
    let outbound = consumer.parts.outbound.clone();
    match outbound.websocket(&url, options.clone()).await {
        // It may have another dictionary by now.
        Err(outbound::Error::Status { status, .. })
            if compress && dialect == Dialect::V2 && status.as_u16() == 400 =>
        {
            let url = dialect.subscription(server.clone(), collections, cursor, false);
            let socket = outbound.websocket(&url, options).await?;
            consumer.uncompressed.insert(server.clone());
            Ok(socket)
        }
        connected => connected,
    }
}
