//! Bytes and their digest.

use bytes::Bytes;

use super::Algorithm;

/// A blob.
#[derive(Clone, Debug)]
pub struct Blob {
    /// Its digest.
    pub digest: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Blob {
    /// A blob of these bytes.
    #[must_use]
    pub fn new(algorithm: Algorithm, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { digest: algorithm.digest(&bytes), bytes }
    }

    /// A blob that nobody has.
    #[must_use]
    pub fn random(algorithm: Algorithm, length: usize) -> Self {
        let mut bytes = vec![0; length];
        rand::fill(&mut bytes[..]);
        Self::new(algorithm, bytes)
    }

    /// Where it is in a repository.
    #[must_use]
    pub fn path(&self) -> String {
        format!("blobs/{}", self.digest)
    }
}
