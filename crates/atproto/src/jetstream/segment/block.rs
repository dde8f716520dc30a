//! Some thousand events, unpacked.

use std::ops::Range;

use zstd::zstd_safe;

use super::column::{Remaining, i64_at, u64_at};
use super::{Row, RowKind, SegmentError, SegmentLimits};
use crate::excerpt::excerpt;

/// The bit of a zstd frame's header that announces a checksum of the content.
const CHECKSUM_FLAG: u8 = 1 << 2;

/// The events of a block, columns side by side. Their lengths are checked; what the columns say is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    bytes: Vec<u8>,
    len: usize,
    seqs: Range<usize>,
    times: Range<usize>,
    shown_times: Range<usize>,
    kinds: Range<usize>,
    /// Lengths of collection, account, record key, revision and payload.
    lengths: [Range<usize>; 5],
    /// Where the values of the same columns begin.
    values: [usize; 5],
}

/// Bytes of a length in each of the five columns.
const LENGTH_WIDTHS: [usize; 5] = [1, 2, 1, 1, 4];

impl Block {
    /// Decompresses a block that was downloaded on its own. A frame that is damaged does not pass: it has a checksum.
    pub fn unpack(frame: &[u8], limits: &SegmentLimits) -> Result<Self, SegmentError> {
        Self::parse(decompress(frame, limits)?, limits)
    }

    fn parse(bytes: Vec<u8>, limits: &SegmentLimits) -> Result<Self, SegmentError> {
        let mut rest = Remaining::new(&bytes, "a block");
        let events = rest.u32()?;
        if events > limits.events {
            let what = "the number of events of a block";
            return Err(SegmentError::TooLarge { what, limit: limits.events.into() });
        }
        let len = usize::try_from(events).map_err(|_| SegmentError::Truncated("a block"))?;
        let mut at = size_of::<u32>();
        let mut column = |bytes: usize| {
            at += bytes;
            rest.take(bytes).map(|_| at - bytes..at)
        };
        let (seqs, times, shown_times) = (column(len * 8)?, column(len * 8)?, column(len * 8)?);
        let kinds = column(len)?;
        let mut lengths = [const { 0..0 }; 5];
        for (range, width) in lengths.iter_mut().zip(LENGTH_WIDTHS) {
            *range = column(len * width)?;
        }
        let mut values = [0; 5];
        for ((start, range), width) in values.iter_mut().zip(&lengths).zip(LENGTH_WIDTHS) {
            let lengths = bytes.get(range.clone()).unwrap_or_default();
            // At most 2^17 lengths of 32 bits by default, 2^32 at worst: no overflow.
            let total = (0..len).map(|at| length_at(lengths, width, at) as u64).sum::<u64>();
            *start = column(usize::try_from(total).map_err(|_| SegmentError::Truncated("a block"))?)?.start;
        }
        if !rest.is_empty() {
            return Err(SegmentError::BadBlock("it has more bytes than its columns"));
        }
        let block = Self { bytes, len, seqs, times, shown_times, kinds, lengths, values };
        if !(1..len).all(|at| block.seq(at - 1) < block.seq(at)) {
            return Err(SegmentError::BadBlock("its sequence numbers do not rise"));
        }
        Ok(block)
    }

    /// Number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether compaction removed all its events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The lowest and the highest sequence number.
    #[must_use]
    pub fn seqs(&self) -> Option<(u64, u64)> {
        Some((self.seq(0), self.seq(self.len.checked_sub(1)?)))
    }

    /// Its events in the order of their sequence numbers.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows { block: self, at: 0, values: self.values }
    }

    pub(super) fn unpacked_bytes(&self) -> usize {
        self.bytes.len()
    }

    fn seq(&self, at: usize) -> u64 {
        u64_at(self.column(&self.seqs), at)
    }

    fn column(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// The events of a [`Block`], one by one.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    block: &'a Block,
    at: usize,
    /// Where the next event's values begin.
    values: [usize; 5],
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let (block, at) = (self.block, self.at);
        if at == block.len {
            return None;
        }
        self.at += 1;
        let mut values = [[].as_slice(); 5];
        for (column, value) in values.iter_mut().enumerate() {
            let lengths = block.column(&block.lengths[column]);
            let start = self.values[column];
            self.values[column] += length_at(lengths, LENGTH_WIDTHS[column], at);
            *value = block.column(&(start..self.values[column]));
        }
        let [collection, did, rkey, rev, payload] = values;
        Some(Row {
            seq: block.seq(at),
            witnessed_at: i64_at(block.column(&block.times), at),
            shown_at: i64_at(block.column(&block.shown_times), at),
            kind: RowKind::from_byte(block.column(&block.kinds).get(at).copied().unwrap_or_default()),
            collection,
            did,
            rkey,
            rev,
            payload,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.block.len - self.at;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Rows<'_> {}

/// The `at`th number of a column of numbers of `width` bytes.
fn length_at(column: &[u8], width: usize, at: usize) -> usize {
    let bytes = column.get(at * width..(at + 1) * width).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

fn decompress(frame: &[u8], limits: &SegmentLimits) -> Result<Vec<u8>, SegmentError> {
    if frame.len() > limits.packed_bytes {
        return Err(SegmentError::TooLarge { what: "a block", limit: limits.packed_bytes as u64 });
    }
    let bad = |what: &str| SegmentError::BadCompression(excerpt(what));
    // Several frames in a row would decompress as one.
    if zstd_safe::find_frame_compressed_size(frame) != Ok(frame.len()) {
        return Err(bad("it is not one zstd frame"));
    }
    if frame.get(4).is_none_or(|flags| flags & CHECKSUM_FLAG == 0) {
        return Err(bad("it has no checksum"));
    }
    let claimed = zstd_safe::get_frame_content_size(frame).map_err(|_| bad("its size cannot be read"))?;
    let limit = limits.unpacked_bytes as u64;
    let Some(size) = claimed.filter(|&size| size <= limit) else {
        return Err(match claimed {
            Some(_) => SegmentError::TooLarge { what: "a decompressed block", limit },
            None => bad("it does not say its size"),
        });
    };
    let size = usize::try_from(size).unwrap_or(limits.unpacked_bytes);
    zstd::bulk::decompress(frame, size).map_err(|error| bad(&error.to_string()))
}
