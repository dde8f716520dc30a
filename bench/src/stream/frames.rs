//! Events as WebSocket frames, ready to be written to a socket.

use anyhow::Context;

use crate::synth::{Body, Collection, Event, Synth};

/// The dictionary of Jetstream v1.
const DICTIONARY: &[u8] = include_bytes!("../../../crates/atproto/src/jetstream/dictionary-v1.zdict");

/// Frames of consecutive events in one buffer.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    index: Vec<Entry>,
    compressed: bool,
}

#[derive(Debug)]
struct Entry {
    end: usize,
    time_us: i64,
    /// `None` for identity and account events, which no filter holds back.
    collection: Option<Collection>,
}

impl Frames {
    /// Encodes one text frame per event.
    #[must_use]
    pub fn text(synth: &Synth, events: &[Event]) -> Self {
        let mut frames = Self::default();
        for event in events {
            frames.push(event, TEXT, event.json(synth).as_bytes());
        }
        frames
    }

    /// Encodes one binary frame per event, compressed as Jetstream does for `compress=true`.
    ///
    /// # Errors
    /// When zstd refuses its dictionary.
    pub fn compressed(synth: &Synth, events: &[Event]) -> anyhow::Result<Self> {
        let mut frames = Self { compressed: true, ..Self::default() };
        let mut zstd = zstd::bulk::Compressor::with_dictionary(3, DICTIONARY).context("zstd dictionary")?;
        for event in events {
            let payload = zstd.compress(event.json(synth).as_bytes()).context("compressing an event")?;
            frames.push(event, BINARY, &payload);
        }
        Ok(frames)
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Bytes of all frames together.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Whether they are what a consumer gets that asks for `compress=true`.
    pub(super) fn is_compressed(&self) -> bool {
        self.compressed
    }

    pub(super) fn frame(&self, i: usize) -> &[u8] {
        let start = i.checked_sub(1).map_or(0, |before| self.index[before].end);
        &self.bytes[start..self.index[i].end]
    }

    pub(super) fn time_us(&self, i: usize) -> i64 {
        self.index[i].time_us
    }

    pub(super) fn collection(&self, i: usize) -> Option<Collection> {
        self.index[i].collection
    }

    /// The first event at or after a time, if there is one.
    pub(super) fn first_at(&self, time_us: i64) -> Option<usize> {
        let first = self.index.partition_point(|entry| entry.time_us < time_us);
        (first < self.index.len()).then_some(first)
    }

    fn push(&mut self, event: &Event, opcode: u8, payload: &[u8]) {
        push_frame(&mut self.bytes, opcode, payload);
        let collection = match &event.body {
            Body::Commit(commit) => Some(commit.collection),
            Body::Identity | Body::Account(_) => None,
        };
        self.index.push(Entry { end: self.bytes.len(), time_us: event.time_us, collection });
    }
}

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;

/// One unfragmented, unmasked frame (RFC 6455, section 5.2).
#[expect(clippy::cast_possible_truncation, reason = "the match arms bound the length")]
fn push_frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(0x80 | opcode);
    match payload.len() {
        length @ 0..126 => out.push(length as u8),
        length @ 126..0x1_0000 => {
            out.push(126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}
