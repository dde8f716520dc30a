//! Segments and blocks that servers would not make.

use xxhash_rust::xxh3::Xxh3;

/// One event before it becomes part of columns.
#[derive(Clone)]
pub(super) struct RowDraft {
    pub(super) seq: u64,
    pub(super) time: i64,
    pub(super) kind: u8,
    pub(super) collection: Vec<u8>,
    pub(super) did: Vec<u8>,
    pub(super) rkey: Vec<u8>,
    pub(super) rev: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

impl Default for RowDraft {
    /// A record that was deleted.
    fn default() -> Self {
        Self {
            seq: 1,
            time: 1_750_000_000_000_000,
            kind: 3,
            collection: b"com.example.note".to_vec(),
            did: b"did:web:a.example".to_vec(),
            rkey: b"k".to_vec(),
            rev: b"3migo7fijwi2k".to_vec(),
            payload: Vec::new(),
        }
    }
}

/// The content of a block.
pub(super) fn columns(rows: &[RowDraft]) -> Vec<u8> {
    let mut bytes = u32::try_from(rows.len()).unwrap().to_le_bytes().to_vec();
    let columns: [fn(&RowDraft) -> Vec<u8>; 14] = [
        |row| row.seq.to_le_bytes().into(),
        |row| row.time.to_le_bytes().into(),
        |_| vec![0; 8],
        |row| vec![row.kind],
        |row| vec![u8::try_from(row.collection.len()).unwrap()],
        |row| u16::try_from(row.did.len()).unwrap().to_le_bytes().into(),
        |row| vec![u8::try_from(row.rkey.len()).unwrap()],
        |row| vec![u8::try_from(row.rev.len()).unwrap()],
        |row| u32::try_from(row.payload.len()).unwrap().to_le_bytes().into(),
        |row| row.collection.clone(),
        |row| row.did.clone(),
        |row| row.rkey.clone(),
        |row| row.rev.clone(),
        |row| row.payload.clone(),
    ];
    for column in columns {
        bytes.extend(rows.iter().flat_map(column));
    }
    bytes
}

/// A frame as servers make them.
pub(super) fn frame(content: &[u8]) -> Vec<u8> {
    let mut compressor = zstd::bulk::Compressor::new(3).unwrap();
    compressor.include_checksum(true).unwrap();
    compressor.compress(content).unwrap()
}

/// Gives a changed segment the checksum it would have.
pub(super) fn sealed(mut segment: Vec<u8>) -> Vec<u8> {
    let footer = usize::try_from(u64::from_le_bytes(segment[58..66].try_into().unwrap())).unwrap();
    let mut hash = Xxh3::new();
    hash.update(&segment[12..256]);
    hash.update(&segment[footer..]);
    segment[4..12].copy_from_slice(&hash.digest().to_le_bytes());
    segment
}

/// Overwrites bytes.
pub(super) fn with(mut segment: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    segment[at..at + bytes.len()].copy_from_slice(bytes);
    segment
}
