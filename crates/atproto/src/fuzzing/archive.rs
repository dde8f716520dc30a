//! Segments of an archive.

use bytes::Bytes;
use xxhash_rust::xxh3::Xxh3;

use super::check_message;
use crate::data::Limits;
use crate::jetstream::segment::{Block, HEADER_BYTES, Header, Segment, SegmentError, SegmentLimits};

/// Small enough for a fuzzer's memory, large enough for the golden segment.
const LIMITS: SegmentLimits = SegmentLimits {
    blocks: 64,
    footer_bytes: 64 << 10,
    packed_bytes: 64 << 10,
    unpacked_bytes: 256 << 10,
    events: 4096,
};

/// Neither a file nor a block makes more than it is allowed to; the events of a block rise, and one that is refused
/// says why. A checksum would keep a fuzzer out, so the input is also read with the checksum it should have, and as the
/// content of a block.
pub fn segment(input: &[u8]) {
    whole(Bytes::copy_from_slice(input));
    if let Some(sealed) = sealed(input) {
        whole(sealed.into());
    }
    unpacked(Block::unpack(input, &LIMITS));
    if let Some(frame) = frame(input) {
        unpacked(Block::unpack(&frame, &LIMITS));
    }
}

fn whole(file: Bytes) {
    let segment = match Segment::parse(file, LIMITS) {
        Ok(segment) => segment,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    let index = segment.index();
    assert_eq!(index.header().blocks as usize, index.blocks().len());
    for (block, entry) in segment.blocks().zip(index.blocks()) {
        if let Ok(block) = &block {
            assert_eq!(block.len(), entry.events as usize);
            assert!(block.rows().all(|row| (entry.min_seq..=entry.max_seq).contains(&row.seq)));
        }
        unpacked(block);
    }
}

fn unpacked(block: Result<Block, SegmentError>) {
    let block = match block {
        Ok(block) => block,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(block.len() <= LIMITS.events as usize);
    assert_eq!(block.rows().count(), block.len());
    assert!(block.rows().is_sorted_by(|a, b| a.seq < b.seq));
    for row in block.rows() {
        match row.event(&Limits::default()) {
            Ok(event) => assert_eq!((event.seq, event.did.as_str().as_bytes()), (row.seq, row.did)),
            Err(error) => check_message(&error.to_string(), error.reason()),
        }
    }
}

/// The file with the checksum its header should have.
fn sealed(file: &[u8]) -> Option<Vec<u8>> {
    let footer = usize::try_from(Header::parse(file, &LIMITS).ok()?.footer_offset).ok()?;
    let mut hash = Xxh3::new();
    hash.update(file.get(12..HEADER_BYTES)?);
    hash.update(file.get(footer..)?);
    let mut file = file.to_vec();
    file.get_mut(4..12)?.copy_from_slice(&hash.digest().to_le_bytes());
    Some(file)
}

/// A frame as servers make them.
fn frame(content: &[u8]) -> Option<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(1).ok()?;
    compressor.include_checksum(true).ok()?;
    compressor.compress(content).ok()
}
