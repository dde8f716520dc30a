//! A blob that is being read.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use super::Chunks;
use super::buffers::Buffers;

/// An open file. Its content does not change, so any number of ranges can be read of it, also at once.
pub struct Blob {
    file: Arc<File>,
    size: u64,
    buffers: Arc<Buffers>,
}

impl Blob {
    pub(super) fn new(file: File, size: u64, buffers: Arc<Buffers>) -> Self {
        Self { file: Arc::new(file), size, buffers }
    }

    /// In bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes from `range.start` up to `range.end`, or up to the end of the blob if that comes first.
    pub fn read(&self, range: Range<u64>) -> Chunks {
        let range = range.start..range.end.min(self.size);
        Chunks::new(Arc::clone(&self.file), range, Arc::clone(&self.buffers))
    }
}
