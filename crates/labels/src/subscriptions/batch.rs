//! What has arrived of a stream, in one go.

use futures::{FutureExt, StreamExt};
use outbound::WebSocket;
use outbound::tungstenite::{self, Message};

use crate::telemetry;
use atproto::label::{Frame, SignedLabel};

/// Bounds of what is gathered before it is written: enough to share a commit.
const MAX_FRAMES: usize = 500;
const MAX_LABELS: usize = 2_000;
const MAX_BYTES: usize = 4 << 20;

/// Labels of consecutive messages.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) labels: Vec<SignedLabel>,
    /// Of all frames.
    bytes: usize,
    /// The last message in it; `None` if it has none.
    pub(super) seq: Option<i64>,
    /// The last of what the labeler said about its stream.
    pub(super) info: Option<String>,
    /// Why nothing more comes, if so.
    pub(super) end: Option<StreamEnd>,
}

/// Why nothing more comes of this connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StreamEnd {
    /// The cursor is ahead of everything that the labeler has: it counts from the beginning again.
    FutureCursor,
    /// Anything else.
    Broken(String),
}

impl Batch {
    /// Takes `first` and whatever else has already arrived. Messages up to number `known` are here already.
    pub(super) fn gather(
        socket: &mut WebSocket,
        first: Option<Result<Message, tungstenite::Error>>,
        known: Option<i64>,
    ) -> Self {
        let mut batch = Self::default();
        let mut next = Some(first);
        let mut frames = 0;
        while let Some(message) = next.take() {
            batch.take(message, known);
            frames += 1;
            if batch.end.is_none() && frames < MAX_FRAMES && batch.has_room() {
                next = socket.next().now_or_never();
            }
        }
        batch
    }

    fn has_room(&self) -> bool {
        self.labels.len() < MAX_LABELS && self.bytes < MAX_BYTES
    }

    fn take(&mut self, message: Option<Result<Message, tungstenite::Error>>, known: Option<i64>) {
        let broken = |reason: String| Some(StreamEnd::Broken(reason));
        match message {
            Some(Ok(Message::Binary(bytes))) => self.frame(&bytes, known),
            Some(Ok(Message::Text(_))) => {
                self.end = broken("the labeler sent text where only bytes belong".into());
            }
            Some(Ok(Message::Close(frame))) => {
                let reason =
                    frame.map_or_else(String::new, |frame| format!(": {}", excerpt(&frame.to_string())));
                self.end = broken(format!("the labeler closed the connection{reason}"));
            }
            // Pings are answered by the socket.
            Some(Ok(_)) => {}
            Some(Err(error)) => self.end = broken(error.to_string()),
            None => self.end = broken("the connection ended".into()),
        }
    }

    fn frame(&mut self, bytes: &[u8], known: Option<i64>) {
        self.bytes += bytes.len();
        match Frame::decode(bytes) {
            Ok(Frame::Labels { seq, labels }) => {
                if self.seq.or(known).is_some_and(|known| seq <= known) {
                    return telemetry::dropped("repeated", labels.len() as u64);
                }
                self.seq = Some(seq);
                let malformed = labels.iter().filter(|label| label.is_none()).count();
                telemetry::dropped("malformed", malformed as u64);
                self.labels.extend(labels.into_iter().flatten());
            }
            Ok(Frame::Info { name, message }) => {
                telemetry::informed();
                let message = message.map_or_else(String::new, |message| format!(": {}", excerpt(&message)));
                self.info = Some(format!("{}{message}", excerpt(&name)));
            }
            Ok(Frame::Error { error, message }) => {
                let message = message.map_or_else(String::new, |message| format!(": {}", excerpt(&message)));
                self.end = Some(if error == "FutureCursor" {
                    StreamEnd::FutureCursor
                } else {
                    StreamEnd::Broken(format!("the labeler ended the stream: {}{message}", excerpt(&error)))
                });
            }
            Ok(Frame::Unknown) => {}
            // The messages after it are good, and its number is passed with theirs.
            Err(error) => {
                telemetry::dropped(error.reason(), 1);
                tracing::debug!(%error, "dropped a message of a labeler");
            }
        }
    }
}

/// The beginning of foreign text, on one line.
fn excerpt(text: &str) -> String {
    const MAX_BYTES: usize = 200;
    text[..text.floor_char_boundary(MAX_BYTES)].replace(char::is_control, "\u{fffd}")
}
