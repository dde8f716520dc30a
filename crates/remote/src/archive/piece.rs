//! What is downloaded with one request.

use atproto::jetstream::segment::{BlockEntry, HEADER_BYTES, Header, Index, SegmentLimits};

use super::Archive;
use super::fetch::{Part, SEGMENT};
use super::planned::PlannedSegment;
use crate::RemoteError;

/// Blocks that lie together are downloaded together up to this many bytes.
const RUN_BYTES: u64 = 2 << 20;

/// One request's worth of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// One block, of which nothing else is known.
    Block(u32),
    /// Blocks that lie one behind the other in the segment that has this checksum.
    Run { checksum: u64, first: u32, entries: Vec<BlockEntry> },
}

/// The blocks of a segment that are wanted: from the block `from` on, without those that have no event after `after`.
pub(super) struct Stretch {
    pub(super) from: u32,
    pub(super) after: u64,
    pub(super) end: u64,
}

impl Archive {
    /// How to download a segment; `None` if it was replaced meanwhile.
    pub(super) async fn pieces(
        &self,
        segment: &PlannedSegment,
        stretch: &Stretch,
        limits: &SegmentLimits,
    ) -> Result<Option<Vec<Piece>>, RemoteError> {
        if let Some(ranges) = &segment.blocks {
            let blocks = ranges.iter().flat_map(|&(first, last)| first..=last);
            return Ok(Some(blocks.filter(|&block| block >= stretch.from).map(Piece::Block).collect()));
        }
        let Some(index) = self.index(&segment.name, limits).await? else { return Ok(None) };
        Ok(Some(runs(&index, stretch)))
    }

    /// Reads a segment's header and block index, and checks them.
    async fn index(&self, name: &str, limits: &SegmentLimits) -> Result<Option<Index>, RemoteError> {
        let bad = |error| self.malformed(SEGMENT, &error);
        let head = (0, Some(HEADER_BYTES as u64));
        let Part::Bytes(head) = self.segment_part(name, head, None, HEADER_BYTES).await? else {
            return Ok(None);
        };
        let header = Header::parse(&head, limits).map_err(bad)?;
        let footer = (header.footer_offset, None);
        let footer = self.segment_part(name, footer, Some(header.checksum), limits.footer_bytes).await?;
        let Part::Bytes(footer) = footer else { return Ok(None) };
        Index::parse(&head, &footer, limits).map(Some).map_err(bad)
    }
}

fn runs(index: &Index, stretch: &Stretch) -> Vec<Piece> {
    let checksum = index.header().checksum;
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, entry) in (0..).zip(index.blocks()) {
        let wanted = entry.events > 0 && entry.max_seq > stretch.after && entry.min_seq <= stretch.end;
        if number < stretch.from || !wanted {
            continue;
        }
        match pieces.last_mut() {
            Some(Piece::Run { first, entries, .. })
                if u64::from(number) == u64::from(*first) + entries.len() as u64
                    && entries.first().is_some_and(|begin| entry.end() - begin.offset <= RUN_BYTES) =>
            {
                entries.push(entry.clone());
            }
            _ => pieces.push(Piece::Run { checksum, first: number, entries: vec![entry.clone()] }),
        }
    }
    pieces
}
