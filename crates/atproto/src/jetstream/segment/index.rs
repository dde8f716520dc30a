//! Where the blocks of a segment are and what they hold.

use xxhash_rust::xxh3::Xxh3;

use super::column::Remaining;
use super::header::CHECKED_FROM;
use super::{Block, HEADER_BYTES, Header, SegmentError, SegmentLimits};

/// Length of the number in front of a block.
const PREFIX_BYTES: u64 = 8;

/// Header and block index of a segment, checked against its checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    header: Header,
    blocks: Vec<BlockEntry>,
}

/// One block as the index describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockEntry {
    /// Where its zstd frame begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// Length of the frame.
    pub packed_bytes: u32,
    /// Length of what is in it.
    pub unpacked_bytes: u32,
    /// Number of events; none if compaction removed all.
    pub events: u32,
    /// No event has a lower sequence number.
    pub min_seq: u64,
    /// No event has a higher sequence number.
    pub max_seq: u64,
}

impl Index {
    /// Reads a segment's header (its first [`HEADER_BYTES`]) and footer (from [`Header::footer_offset`] to the end).
    pub fn parse(header: &[u8], footer: &[u8], limits: &SegmentLimits) -> Result<Self, SegmentError> {
        let parsed = Header::parse(header, limits)?;
        if footer.len() > limits.footer_bytes {
            return Err(SegmentError::TooLarge { what: "the footer", limit: limits.footer_bytes as u64 });
        }
        let least = parsed.collections_offset.saturating_sub(parsed.footer_offset);
        if (footer.len() as u64) < least {
            return Err(SegmentError::Truncated("the footer"));
        }
        let mut hash = Xxh3::new();
        hash.update(header.get(CHECKED_FROM..HEADER_BYTES).unwrap_or_default());
        hash.update(footer);
        let computed = hash.digest();
        if computed != parsed.checksum {
            return Err(SegmentError::BadChecksum { stated: parsed.checksum, computed });
        }
        let mut entries = Remaining::new(footer, "the block index");
        let blocks = (0..parsed.blocks)
            .map(|_| BlockEntry::parse(&mut entries, limits))
            .collect::<Result<Vec<_>, _>>()?;
        check(&parsed, &blocks)?;
        Ok(Self { header: parsed, blocks })
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The blocks in the order of the file, which is that of their sequence numbers. They do not overlap.
    #[must_use]
    pub fn blocks(&self) -> &[BlockEntry] {
        &self.blocks
    }
}

impl BlockEntry {
    /// Length of an entry in the file.
    pub(super) const BYTES: usize = 52;

    /// Decompresses the block, whose frame this must be, and checks that it is what the index says.
    pub fn unpack(&self, frame: &[u8], limits: &SegmentLimits) -> Result<Block, SegmentError> {
        if frame.len() as u64 != u64::from(self.packed_bytes) {
            return Err(SegmentError::NotAsIndexed("its length"));
        }
        let block = Block::unpack(frame, limits)?;
        if block.unpacked_bytes() as u64 != u64::from(self.unpacked_bytes) {
            return Err(SegmentError::NotAsIndexed("its length without compression"));
        }
        if block.len() as u64 != u64::from(self.events) {
            return Err(SegmentError::NotAsIndexed("the number of its events"));
        }
        let within = |seq| (self.min_seq..=self.max_seq).contains(&seq);
        // Sequence numbers rise, so the outermost bound all others.
        if let Some((first, last)) = block.seqs()
            && !(within(first) && within(last))
        {
            return Err(SegmentError::NotAsIndexed("its sequence numbers"));
        }
        Ok(block)
    }

    /// Where the frame ends.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.packed_bytes.into())
    }

    fn parse(fields: &mut Remaining<'_>, limits: &SegmentLimits) -> Result<Self, SegmentError> {
        let offset = fields.u64()?.checked_add(PREFIX_BYTES);
        let offset = offset.ok_or(SegmentError::Inconsistent("a block lies outside the file"))?;
        let (packed_bytes, unpacked_bytes, events) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let (min_seq, max_seq) = (fields.u64()?, fields.u64()?);
        let (_min_time, _max_time) = (fields.i64()?, fields.i64()?);
        let sizes = [
            ("a block", u64::from(packed_bytes), limits.packed_bytes as u64),
            ("a decompressed block", u64::from(unpacked_bytes), limits.unpacked_bytes as u64),
            ("the number of events of a block", u64::from(events), u64::from(limits.events)),
        ];
        if let Some(&(what, _, limit)) = sizes.iter().find(|(_, size, limit)| size > limit) {
            return Err(SegmentError::TooLarge { what, limit });
        }
        Ok(Self { offset, packed_bytes, unpacked_bytes, events, min_seq, max_seq })
    }
}

/// The blocks lie one behind the other before the footer, and their bounds fit into each other's and the header's.
fn check(header: &Header, blocks: &[BlockEntry]) -> Result<(), SegmentError> {
    let mut end = HEADER_BYTES as u64;
    let mut seq = None;
    for block in blocks {
        if block.offset < end.saturating_add(PREFIX_BYTES) || block.end() > header.footer_offset {
            return Err(SegmentError::Inconsistent("a block overlaps something else"));
        }
        if block.min_seq > block.max_seq || seq.is_some_and(|seq| block.min_seq <= seq) {
            return Err(SegmentError::Inconsistent("the sequence numbers of blocks overlap"));
        }
        if block.min_seq < header.min_seq || block.max_seq > header.max_seq {
            return Err(SegmentError::Inconsistent("a block has sequence numbers the segment has not"));
        }
        (end, seq) = (block.end(), Some(block.max_seq));
    }
    let events: u64 = blocks.iter().map(|block| u64::from(block.events)).sum();
    if events != u64::from(header.events) {
        return Err(SegmentError::Inconsistent("the number of events is not that of its blocks"));
    }
    Ok(())
}
