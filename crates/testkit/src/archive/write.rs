//! Segments made from events.

use atproto::{Did, Nsid, RecordKey, Tid};
use serde_json::{Value, json};
use shrike::cbor::json::{Integers, json_to_drisl};
use xxhash_rust::xxh3::Xxh3;

/// When the events were seen; each a microsecond after the one before.
const SEEN_AT: u64 = 1_780_000_000_000_000;

const HEADER_BYTES: usize = 256;

/// One event of a segment.
#[derive(Clone, Debug)]
pub struct ArchivedEvent {
    /// Its number, higher than that of the event before it.
    pub seq: u64,
    /// The account.
    pub did: Did,
    /// What happened.
    pub what: Archived,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Archived {
    /// A record was created.
    Create(Nsid, RecordKey, Tid, Value),
    /// A record was replaced.
    Update(Nsid, RecordKey, Tid, Value),
    /// A record was deleted.
    Delete(Nsid, RecordKey, Tid),
    /// The account was switched off for this reason, or on.
    Account(Option<&'static str>),
    /// The repository jumped.
    Sync(Tid),
}

/// A sealed segment of these blocks. One without events is written as one that compaction emptied: the sequence numbers of
/// those beside it must leave room for one more.
#[must_use]
pub fn write_segment(blocks: &[Vec<ArchivedEvent>]) -> Vec<u8> {
    let mut file = vec![0; HEADER_BYTES];
    let mut index = Vec::new();
    // Each empty block has a sequence number of its own, whose event is gone.
    let emptied = blocks.iter().take_while(|events| events.is_empty()).count() as u64;
    let first = blocks.iter().flatten().map(|event| event.seq).min().map_or(0, |seq| seq - emptied);
    let mut next_seq = first;
    for events in blocks {
        let columns = columns(events);
        let frame = frame(&columns);
        let (min, max) = match (events.first(), events.last()) {
            (Some(first), Some(last)) => (first.seq, last.seq),
            _ => (next_seq, next_seq),
        };
        next_seq = max + 1;
        index.extend((file.len() as u64).to_le_bytes());
        for count in [frame.len(), columns.len(), events.len()] {
            index.extend(u32_of(count).to_le_bytes());
        }
        for number in [min, max, SEEN_AT + min, SEEN_AT + max] {
            index.extend(number.to_le_bytes());
        }
        file.extend((frame.len() as u64).to_le_bytes());
        file.extend(frame);
    }
    let events: usize = blocks.iter().map(Vec::len).sum();
    let (footer, index_end) = (file.len(), file.len() + index.len());
    file.extend(index);
    let mut header = b"jss0".to_vec();
    header.extend([0; 8]);
    header.extend(1_u16.to_le_bytes());
    for count in [blocks.len(), events, 0] {
        header.extend(u32_of(count).to_le_bytes());
    }
    for number in [first, next_seq.saturating_sub(1).max(first), SEEN_AT + first, SEEN_AT + next_seq] {
        header.extend(number.to_le_bytes());
    }
    // Nothing reads the filters and the collection index, so they are empty.
    for offset in [footer, index_end, index_end, index_end, footer] {
        header.extend((offset as u64).to_le_bytes());
    }
    file[..header.len()].copy_from_slice(&header);
    let mut hash = Xxh3::new();
    hash.update(&file[12..HEADER_BYTES]);
    hash.update(&file[footer..]);
    file[4..12].copy_from_slice(&hash.digest().to_le_bytes());
    file
}

/// An event as a row, its values in the order of the columns.
struct Row {
    kind: u8,
    collection: String,
    rkey: String,
    rev: String,
    payload: Vec<u8>,
}

impl ArchivedEvent {
    fn row(&self) -> Row {
        let record = |kind, collection: &Nsid, rkey: &RecordKey, rev: &Tid, payload| Row {
            kind,
            collection: collection.to_string(),
            rkey: rkey.to_string(),
            rev: rev.to_string(),
            payload,
        };
        let message = |kind, rev: String, value: &Value| Row {
            kind,
            collection: String::new(),
            rkey: String::new(),
            rev,
            payload: cbor(value),
        };
        match &self.what {
            Archived::Create(collection, rkey, rev, value) => record(1, collection, rkey, rev, cbor(value)),
            Archived::Update(collection, rkey, rev, value) => record(2, collection, rkey, rev, cbor(value)),
            Archived::Delete(collection, rkey, rev) => record(3, collection, rkey, rev, Vec::new()),
            Archived::Account(status) => {
                let mut account =
                    json!({ "seq": self.seq, "did": self.did, "time": "", "active": status.is_none() });
                if let Some(status) = status {
                    account["status"] = (*status).into();
                }
                message(5, String::new(), &account)
            }
            Archived::Sync(rev) => message(
                6,
                rev.to_string(),
                &json!({ "seq": self.seq, "did": self.did, "rev": rev, "time": "" }),
            ),
        }
    }
}

/// The content of a block.
fn columns(events: &[ArchivedEvent]) -> Vec<u8> {
    let rows: Vec<Row> = events.iter().map(ArchivedEvent::row).collect();
    let mut bytes = u32_of(events.len()).to_le_bytes().to_vec();
    bytes.extend(events.iter().flat_map(|event| event.seq.to_le_bytes()));
    bytes.extend(events.iter().flat_map(|event| (SEEN_AT + event.seq).to_le_bytes()));
    bytes.extend(events.iter().flat_map(|_| [0; 8]));
    bytes.extend(rows.iter().map(|row| row.kind));
    bytes.extend(rows.iter().map(|row| u8_of(row.collection.len())));
    bytes.extend(events.iter().flat_map(|event| u16_of(event.did.as_str().len()).to_le_bytes()));
    bytes.extend(rows.iter().map(|row| u8_of(row.rkey.len())));
    bytes.extend(rows.iter().map(|row| u8_of(row.rev.len())));
    bytes.extend(rows.iter().flat_map(|row| u32_of(row.payload.len()).to_le_bytes()));
    bytes.extend(rows.iter().flat_map(|row| row.collection.bytes()));
    bytes.extend(events.iter().flat_map(|event| event.did.as_str().bytes()));
    bytes.extend(rows.iter().flat_map(|row| row.rkey.bytes()));
    bytes.extend(rows.iter().flat_map(|row| row.rev.bytes()));
    bytes.extend(rows.iter().flat_map(|row| row.payload.iter().copied()));
    bytes
}

fn frame(content: &[u8]) -> Vec<u8> {
    let mut compressor = zstd::bulk::Compressor::new(3).expect("memory");
    compressor.include_checksum(true).expect("a flag zstd has");
    compressor.compress(content).expect("anything compresses")
}

fn cbor(value: &Value) -> Vec<u8> {
    json_to_drisl(value, Integers::Safe).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn u8_of(count: usize) -> u8 {
    u8::try_from(count).expect("at most 255 bytes")
}

fn u16_of(count: usize) -> u16 {
    u16::try_from(count).expect("at most 65,535 bytes")
}

fn u32_of(count: usize) -> u32 {
    u32::try_from(count).expect("at most 4 GiB")
}
