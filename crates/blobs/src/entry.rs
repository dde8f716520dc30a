//! A blob in a list.

use std::time::SystemTime;

use oci::Digest;

/// A blob as the folder or the bucket has it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its address.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    /// When it was last sent or touched.
    pub modified: SystemTime,
}
