//! One connection, from its handshake to its end.

use std::sync::Arc;
use std::time::Duration;

use atproto::event_stream::micros;
use atproto::firehose::{Frame, MAX_FRAME_BYTES, PATH};
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use outbound::tungstenite::{self, Message};
use outbound::{WebSocket, WebSocketOptions};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::heads::{self, Followed};
use super::seek::{self, Begin};
use crate::ingest::advance::found_gap;
use crate::ingest::consumer::{Chunk, Consumer, End};
use crate::ingest::meters::dropped;
use crate::ingest::state::IngestState;
use crate::lease::Position;
use crate::{Gap, Interest, now_micros};

/// Messages per chunk at most, and bytes: together with the queue's length the memory that waits for the database.
const CHUNK_FRAMES: usize = 1_000;
const CHUNK_BYTES: usize = 8 << 20;

/// Servers ping every 30 s; a connection that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(90);

/// A session borrows the consumer: what it learns outlives it.
pub(in crate::ingest) struct Session<'c> {
    consumer: &'c mut Consumer,
    url: Url,
    socket: WebSocket,
    interest: Arc<Interest>,
    /// Where it was asked to go on from, if the server has said that it has forgotten what comes next.
    forgotten: Option<i64>,
}

/// Messages that were read in one go.
#[derive(Default)]
struct Read {
    frames: Vec<Frame>,
    /// The last one's number and time.
    last: Option<(i64, i64)>,
    gap: Option<Gap>,
    end: Option<End>,
}

impl<'c> Session<'c> {
    /// Connects and reads until something ends it.
    pub(in crate::ingest) async fn run(
        consumer: &'c mut Consumer,
        url: Url,
        shutdown: &CancellationToken,
    ) -> End {
        let mut wanted = consumer.parts.wanted.subscribe();
        let interest = wanted.borrow_and_update().clone();
        if interest.collections().next().is_none() {
            return consumer.idle(&mut wanted, shutdown).await;
        }
        consumer.status.set(IngestState::Connecting);
        consumer.ask_for(&interest);
        let start = now_micros();
        let connecting = connect(consumer, &url);
        let connected = tokio::select! {
            () = shutdown.cancelled() => return End::Cancelled,
            connected = connecting => connected,
        };
        let (socket, begin) = match connected {
            Ok(connected) => connected,
            Err(reason) => return End::Disconnected { reason, was_connected: false },
        };
        // What was written before the handshake comes only if it was asked for.
        let from = consumer.position.map_or_else(now_micros, |position| position.time_us.min(start));
        if let Err(error) = consumer.parts.records.follow(&interest.index, from).await {
            return End::Disconnected { reason: error.to_string(), was_connected: false };
        }
        tracing::info!(url = %url.origin().ascii_serialization(), cursor = begin.cursor, "firehose.connected");
        consumer.status.set(IngestState::Live);
        consumer.report(true, None);
        if consumer.position.is_none() {
            let beginning = Position { time_us: from, at_event: false };
            consumer.position = Some(beginning);
            let chunk = Chunk {
                position: beginning,
                gap: None,
                events: Vec::new(),
                places: Vec::new(),
                followed: Followed::default(),
            };
            if consumer.chunks.send(chunk).await.is_err() {
                return End::Cancelled;
            }
        }
        let forgotten = begin.forgotten;
        Session { consumer, url, socket, interest, forgotten }.read(&mut wanted, shutdown).await
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
                // Everything comes anyway: only what is chosen of it changes.
                _ = wanted.changed() => {
                    self.interest = wanted.borrow_and_update().clone();
                    if self.interest.collections().next().is_none() {
                        return End::Resubscribe;
                    }
                    self.consumer.ask_for(&self.interest);
                    if let Err(error) = self.consumer.parts.records.follow(&self.interest.index, now_micros()).await {
                        return broken(&error.to_string());
                    }
                    continue;
                }
                next = tokio::time::timeout(SILENCE, self.socket.next()) => next,
            };
            let Ok(next) = next else {
                return broken("nothing was heard for a minute and a half");
            };
            let read = self.take(next);
            let end = match self.hand_on(read, shutdown).await {
                Ok(end) => end,
                Err(end) => return end,
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Proves what was read and passes it on; how the session ends, if it does.
    async fn hand_on(&mut self, read: Read, shutdown: &CancellationToken) -> Result<Option<End>, End> {
        let Read { frames, last, gap, end } = read;
        let Some((seq, time_us)) = last else { return Ok(end) };
        let judging = self.consumer.judge.judge(frames, &self.interest);
        let judged = tokio::select! {
            () = shutdown.cancelled() => return Err(End::Cancelled),
            judged = judging => judged.map_err(|fault| broken(&fault.to_string()))?,
        };
        let known = self.consumer.position.map_or(time_us, |known| known.time_us.max(time_us));
        let position = Position { time_us: known, at_event: true };
        self.consumer.position = Some(position);
        self.consumer.passed.insert(self.url.clone(), seq);
        let followed = Followed { at: Some((self.url.clone(), seq)), steps: judged.steps };
        // What became of repositories is written with the last of the events.
        let chunk = Chunk { events: judged.events, places: Vec::new(), position, gap, followed };
        // Waits while the queue is full: reading stops, and so does the sender.
        let handed_on = tokio::select! {
            () = shutdown.cancelled() => return Err(End::Cancelled),
            handed_on = self.consumer.chunks.send(chunk) => handed_on,
        };
        handed_on.map(|()| end).map_err(|_| End::Cancelled)
    }

    /// Takes `first` and whatever else has already arrived.
    fn take(&mut self, first: Option<Result<Message, tungstenite::Error>>) -> Read {
        let mut read = Read::default();
        let (mut frames, mut bytes) = (0, 0);
        let mut next = Some(first);
        while let Some(message) = next.take() {
            let message = match message {
                Some(Ok(Message::Binary(message))) => message,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Bytes::new(),
                Some(Ok(Message::Close(frame))) => {
                    let reason = frame.map_or_else(String::new, |frame| format!(": {frame}"));
                    read.end = Some(broken(&format!("the server closed the connection{reason}")));
                    break;
                }
                Some(Ok(Message::Text(_) | Message::Frame(_))) => {
                    read.end = Some(broken("the server speaks another protocol"));
                    break;
                }
                Some(Err(error)) => {
                    read.end = Some(broken(&error.to_string()));
                    break;
                }
                None => {
                    read.end = Some(broken("the connection ended"));
                    break;
                }
            };
            frames += 1;
            bytes += message.len();
            if !message.is_empty()
                && let Some(end) = self.add(&message, &mut read)
            {
                read.end = Some(end);
                break;
            }
            if frames < CHUNK_FRAMES && bytes < CHUNK_BYTES {
                next = self.socket.next().now_or_never();
            }
        }
        read
    }

    /// One message; `Some` if it is the last.
    fn add(&mut self, message: &Bytes, read: &mut Read) -> Option<End> {
        let frame = match Frame::decode(message) {
            Ok(frame) => frame,
            Err(error) => {
                dropped(error.reason());
                tracing::debug!(%error, "dropped a message");
                return None;
            }
        };
        match &frame {
            Frame::Error { error, message } => {
                if error == "FutureCursor" {
                    // The server has begun anew: where it is now is found by time.
                    self.consumer.passed.insert(self.url.clone(), i64::MAX);
                }
                let message = message.as_deref().unwrap_or_default();
                return Some(broken(&format!("the server ends the stream: {error} {message}")));
            }
            Frame::Info { name, .. } => {
                if name == "OutdatedCursor" {
                    self.forgotten = self.consumer.position.map(|position| position.time_us);
                }
                return None;
            }
            _ => {}
        }
        let seq = frame.seq()?;
        let now = now_micros();
        let time_us = frame.time().and_then(micros).unwrap_or(now).min(now);
        if let Some(from) = self.forgotten.take()
            && time_us > from
        {
            let gap = found_gap(from, time_us, "the source no longer has the events after the cursor");
            metrics::counter!("ingest_gaps_total").increment(1);
            tracing::error!(from_us = gap.from_us, to_us = gap.to_us, reason = %gap.reason, "a gap in the stream");
            read.gap = Some(gap);
        }
        read.last = Some((seq, time_us));
        read.frames.push(frame);
        None
    }
}

fn broken(reason: &str) -> End {
    End::Disconnected { reason: reason.to_owned(), was_connected: true }
}

/// A connection that goes on where the stream was left, by whomever it was followed.
async fn connect(consumer: &Consumer, url: &Url) -> Result<(WebSocket, Begin), String> {
    let begin = beginning(consumer, url).await?;
    let socket = open(consumer, url, begin.cursor).await?;
    Ok((socket, begin))
}

async fn beginning(consumer: &Consumer, url: &Url) -> Result<Begin, String> {
    let Some(position) = consumer.position else { return Ok(Begin::default()) };
    let passed = consumer.passed.get(url).copied();
    if let Some(seq) = passed.filter(|seq| *seq != i64::MAX) {
        return Ok(Begin { cursor: Some(seq), forgotten: None });
    }
    let known = heads::cursor(&consumer.parts.records, url).await.map_err(|error| error.to_string())?;
    match known {
        // It is the one that was followed last.
        Some((seq, time_us)) if passed.is_none() && time_us >= position.time_us => {
            Ok(Begin { cursor: Some(seq), forgotten: None })
        }
        _ => seek::seek(consumer, url, position.time_us).await,
    }
}

/// A connection that is sent what comes after `cursor`, or from now on.
pub(super) async fn open(consumer: &Consumer, url: &Url, cursor: Option<i64>) -> Result<WebSocket, String> {
    let options =
        WebSocketOptions { max_frame: MAX_FRAME_BYTES, max_message: MAX_FRAME_BYTES, ..Default::default() };
    let url = subscription(url, cursor);
    consumer.parts.outbound.websocket(&url, options).await.map_err(|error| error.to_string())
}

/// Where a server sends what comes after `cursor`, or from now on.
pub(in crate::ingest) fn subscription(server: &Url, cursor: Option<i64>) -> Url {
    let mut url = server.clone();
    url.set_path(&format!("{}{PATH}", url.path().trim_end_matches('/')));
    url.set_query(cursor.map(|cursor| format!("cursor={cursor}")).as_deref());
    url
}
