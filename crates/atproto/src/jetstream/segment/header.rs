//! The first bytes of a segment.

use super::column::Remaining;
use super::{BlockEntry, SegmentError, SegmentLimits};

/// Length of the header.
pub const HEADER_BYTES: usize = 256;

/// Where the checksummed part begins.
pub(super) const CHECKED_FROM: usize = 12;

const MAGIC: &[u8] = b"jss0";

const VERSION: u16 = 1;

/// What a sealed segment says about itself. Checked for consistency; only [`Index::parse`](super::Index::parse) can check
/// it against its checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Of header and footer. It changes when compaction rewrites the segment, and is the `ETag` it is served with.
    pub checksum: u64,
    /// Number of blocks.
    pub blocks: u32,
    /// Number of events in all blocks.
    pub events: u32,
    /// No event has a lower sequence number.
    pub min_seq: u64,
    /// No event has a higher sequence number.
    pub max_seq: u64,
    /// Where the footer begins, and the blocks end, in bytes from the beginning of the file.
    pub footer_offset: u64,
    /// Where the last part of the footer begins.
    pub(super) collections_offset: u64,
}

impl Header {
    /// Reads the first [`HEADER_BYTES`] of a segment; bytes behind them are ignored.
    pub fn parse(bytes: &[u8], limits: &SegmentLimits) -> Result<Self, SegmentError> {
        let bytes = bytes.get(..HEADER_BYTES).ok_or(SegmentError::Truncated("the header"))?;
        let mut fields = Remaining::new(bytes, "the header");
        if fields.take(MAGIC.len())? != MAGIC {
            return Err(SegmentError::BadMagic);
        }
        let checksum = fields.u64()?;
        if checksum == 0 {
            return Err(SegmentError::NotSealed);
        }
        let version = fields.u16()?;
        if version != VERSION {
            return Err(SegmentError::UnknownVersion(version));
        }
        let (blocks, events, _accounts) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let (min_seq, max_seq) = (fields.u64()?, fields.u64()?);
        let (_min_time, _max_time) = (fields.i64()?, fields.i64()?);
        let footer_offset = fields.u64()?;
        let (filter, block_filters, collections_offset) = (fields.u64()?, fields.u64()?, fields.u64()?);
        let index = fields.u64()?;
        if blocks > limits.blocks {
            return Err(SegmentError::TooLarge { what: "the number of blocks", limit: limits.blocks.into() });
        }
        if index != footer_offset || footer_offset < HEADER_BYTES as u64 {
            return Err(SegmentError::Inconsistent("the block index is not where the footer begins"));
        }
        let index_end = index.checked_add(u64::from(blocks) * BlockEntry::BYTES as u64);
        let parts = [index_end.unwrap_or(u64::MAX), filter, block_filters, collections_offset];
        if !parts.is_sorted() {
            return Err(SegmentError::Inconsistent("the parts of the footer overlap"));
        }
        if min_seq > max_seq {
            return Err(SegmentError::Inconsistent("the lowest sequence number is above the highest"));
        }
        Ok(Self { checksum, blocks, events, min_seq, max_seq, footer_offset, collections_offset })
    }
}
