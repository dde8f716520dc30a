//! Single blocks.

use atproto::jetstream::segment::{Block, SegmentError, SegmentLimits};

use super::draft::{RowDraft, columns, frame};

fn unpack(content: &[u8]) -> Result<Block, SegmentError> {
    Block::unpack(&frame(content), &SegmentLimits::default())
}

fn rows(seqs: &[u64]) -> Vec<RowDraft> {
    seqs.iter().map(|&seq| RowDraft { seq, ..RowDraft::default() }).collect()
}

#[test]
fn compaction_may_leave_none_or_few() {
    let empty = unpack(&columns(&[])).unwrap();
    assert!(empty.is_empty() && empty.seqs().is_none() && empty.rows().next().is_none());
    let block = unpack(&columns(&rows(&[3, 9, 10]))).unwrap();
    assert_eq!((block.len(), block.seqs()), (3, Some((3, 10))));
    assert_eq!(block.rows().map(|row| row.seq).collect::<Vec<_>>(), [3, 9, 10]);
}

#[test]
fn columns_must_fit() {
    let content = columns(&rows(&[1, 2]));
    for end in 0..content.len() {
        assert_eq!(unpack(&content[..end]), Err(SegmentError::Truncated("a block")), "{end} bytes");
    }
    let longer = [content.as_slice(), b"x"].concat();
    assert_eq!(unpack(&longer), Err(SegmentError::BadBlock("it has more bytes than its columns")));
}

/// A length of 4 GiB in the column of payload lengths, and more events than there are bytes.
#[test]
fn lying_lengths_are_found_out() {
    let mut content = columns(&rows(&[1]));
    content[4 + 24 + 1 + 5..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(unpack(&content), Err(SegmentError::Truncated("a block")));
    let many = (1_u32 << 17).to_le_bytes();
    assert_eq!(unpack(&many), Err(SegmentError::Truncated("a block")));
    assert!(matches!(unpack(&u32::MAX.to_le_bytes()), Err(SegmentError::TooLarge { .. })));
}

#[test]
fn sequence_numbers_must_rise() {
    let order = Err(SegmentError::BadBlock("its sequence numbers do not rise"));
    assert_eq!(unpack(&columns(&rows(&[1, 3, 2]))), order);
    assert_eq!(unpack(&columns(&rows(&[1, 1]))), order);
}

#[test]
fn a_frame_has_a_size_and_a_checksum_and_is_alone() {
    let content = columns(&rows(&[1]));
    let limits = SegmentLimits::default();
    let refused = |frame: &[u8]| match Block::unpack(frame, &limits) {
        Err(SegmentError::BadCompression(what)) => what,
        other => panic!("{other:?}"),
    };
    let mut compressor = zstd::bulk::Compressor::new(3).unwrap();
    assert_eq!(refused(&compressor.compress(&content).unwrap()), "it has no checksum");
    compressor.include_checksum(true).unwrap();
    compressor.include_contentsize(false).unwrap();
    assert_eq!(refused(&compressor.compress(&content).unwrap()), "it does not say its size");
    let twice = frame(&content).repeat(2);
    assert_eq!(refused(&twice), "it is not one zstd frame");
    assert_eq!(refused(b""), "it is not one zstd frame");
    let mut damaged = frame(&content);
    *damaged.last_mut().unwrap() ^= 1;
    assert!(!refused(&damaged).is_empty());
}

#[test]
fn a_small_frame_does_not_become_a_large_block() {
    let bomb = frame(&vec![0; 65 << 20]);
    assert!(bomb.len() < 10_000);
    let limit = 64 << 20;
    assert_eq!(
        Block::unpack(&bomb, &SegmentLimits::default()),
        Err(SegmentError::TooLarge { what: "a decompressed block", limit })
    );
}
