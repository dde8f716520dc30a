//! A segment that is in memory as a whole.

use bytes::Bytes;

use super::{Block, HEADER_BYTES, Header, Index, SegmentError, SegmentLimits};

/// A sealed segment.
#[derive(Debug, Clone)]
pub struct Segment {
    bytes: Bytes,
    index: Index,
    limits: SegmentLimits,
}

impl Segment {
    /// Reads header and index and checks them against the checksum. Blocks are checked when they are read.
    pub fn parse(bytes: Bytes, limits: SegmentLimits) -> Result<Self, SegmentError> {
        let header = Header::parse(&bytes, &limits)?;
        let footer = usize::try_from(header.footer_offset).ok().and_then(|offset| bytes.get(offset..));
        let footer = footer.ok_or(SegmentError::Truncated("the segment"))?;
        let index = Index::parse(&bytes[..HEADER_BYTES], footer, &limits)?;
        Ok(Self { bytes, index, limits })
    }

    /// Its header and block index.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Unpacks its blocks one by one. One that is damaged does not keep those behind it from being read.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = Result<Block, SegmentError>> {
        self.index.blocks().iter().map(|entry| {
            let within = |at| usize::try_from(at).unwrap_or(usize::MAX);
            let frame = self.bytes.get(within(entry.offset)..within(entry.end()));
            entry.unpack(frame.ok_or(SegmentError::Truncated("the segment"))?, &self.limits)
        })
    }
}
