//! What is left of the log for a subscriber.

use std::sync::Arc;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::Message;

use super::Outlet;
use super::event::Event;
use super::filter::Filter;
use super::frame::{Frame, error, info};
use super::log::Stream;
use crate::sim::clock::now_micros;

/// Where a subscriber is.
pub(super) enum Reader {
    Jetstream { filter: Filter, next: i64 },
    Firehose { host: Option<usize>, after: i64, first: Option<Bytes>, is_over: bool },
}

/// Something to be sent.
#[derive(Clone)]
pub(super) enum Item {
    Event(Arc<Event>),
    Frame(Arc<Frame>),
}

impl Item {
    /// Whose it is.
    pub(super) fn did(&self) -> &str {
        match self {
            Self::Event(event) => &event.did,
            Self::Frame(frame) => &frame.did,
        }
    }

    pub(super) fn message(&self) -> Message {
        match self {
            Self::Event(event) => Message::text(event.text.as_str()),
            Self::Frame(frame) => Message::binary(frame.bytes.clone()),
        }
    }
}

impl Reader {
    /// For a Jetstream, a cursor in the future is as good as none.
    pub(super) fn events(filter: Filter, stream: &Stream) -> Self {
        let live = *stream.end().borrow() + 1;
        let next = filter.cursor.filter(|cursor| *cursor <= now_micros().max(live)).unwrap_or(live);
        Self::Jetstream { filter, next }
    }

    /// A relay or a host says so if the cursor is older than what it remembers, and ends the stream if it is in the future.
    pub(super) fn frames(outlet: Outlet, cursor: Option<i64>, stream: &Stream) -> Self {
        let host = match outlet {
            Outlet::Host(host) => Some(host),
            Outlet::Jetstream(_) | Outlet::Relay(_) => None,
        };
        let (forgotten, newest) = stream.numbers();
        let (after, first, is_over) = match cursor {
            None => (newest, None, false),
            Some(cursor) if cursor > newest => (newest, Some(error("FutureCursor")), true),
            Some(cursor) if cursor < forgotten => (cursor, Some(info("OutdatedCursor")), false),
            Some(cursor) => (cursor, None, false),
        };
        Self::Firehose { host, after, first, is_over }
    }

    /// What is to be said before anything else, and whether it is the last word.
    pub(super) fn first(&mut self) -> (Option<Message>, bool) {
        match self {
            Self::Jetstream { .. } => (None, false),
            Self::Firehose { first, is_over, .. } => (first.take().map(Message::binary), *is_over),
        }
    }

    /// What comes next, if there is anything; empty if nothing of it is for this subscriber.
    pub(super) fn take(&mut self, stream: &Stream) -> Option<Vec<Item>> {
        match self {
            Self::Jetstream { filter, next } => {
                let events = stream.from(*next);
                *next = events.last()?.time_us + 1;
                Some(events.into_iter().filter(|event| filter.wants(event)).map(Item::Event).collect())
            }
            Self::Firehose { host, after, .. } => {
                let (frames, last) = stream.after(*after, *host);
                if last == *after {
                    return None;
                }
                *after = last;
                Some(frames.into_iter().map(Item::Frame).collect())
            }
        }
    }
}
