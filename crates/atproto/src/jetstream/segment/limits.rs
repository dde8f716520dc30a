//! How much of a segment is unpacked.

/// Bounds of what is read from one segment. A server makes segments of 256 MiB from blocks of 4,096 events unless its
/// operator says otherwise; the defaults leave room for that and for nothing absurd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentLimits {
    /// Blocks of a segment.
    pub blocks: u32,
    /// Bytes of the footer.
    pub footer_bytes: usize,
    /// Bytes of a block as it is stored.
    pub packed_bytes: usize,
    /// Bytes of a block once it is decompressed.
    pub unpacked_bytes: usize,
    /// Events of a block.
    pub events: u32,
}

impl Default for SegmentLimits {
    fn default() -> Self {
        Self {
            blocks: 1 << 17,
            footer_bytes: 64 << 20,
            packed_bytes: 32 << 20,
            unpacked_bytes: 64 << 20,
            events: 1 << 17,
        }
    }
}
