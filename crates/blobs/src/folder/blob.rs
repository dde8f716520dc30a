//! A blob of a folder that is being read.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use super::FileChunks;
use super::buffers::Buffers;

/// An open file. Its content does not change, so any number of ranges can be read of it, also at once.
pub(crate) struct FileBlob {
    file: Arc<File>,
    size: u64,
    buffers: Arc<Buffers>,
}

impl FileBlob {
    pub(super) fn new(file: File, size: u64, buffers: Arc<Buffers>) -> Self {
        Self { file: Arc::new(file), size, buffers }
    }

    /// In bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes from `range.start` up to `range.end`, or up to the end of the blob if that comes first.
    pub(crate) fn read(&self, range: Range<u64>) -> FileChunks {
        let range = range.start..range.end.min(self.size);
        FileChunks::new(Arc::clone(&self.file), range, Arc::clone(&self.buffers))
    }
}
