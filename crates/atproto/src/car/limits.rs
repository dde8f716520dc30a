//! How much of other people's repositories is held in memory.

/// Bounds of one collection of [`Blocks`](super::Blocks).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all CAR files together, as they were added.
    pub bytes: usize,
    /// Distinct blocks of all of them.
    pub blocks: usize,
}

impl Default for Limits {
    /// 256 MiB and 2,000,000 blocks, more than the largest real repositories have. Finding the blocks again
    /// takes up to 100 bytes of memory for each, beside their content.
    fn default() -> Self {
        Self { bytes: 256 << 20, blocks: 2_000_000 }
    }
}
