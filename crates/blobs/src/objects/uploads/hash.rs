//! The hash of what came so far.

use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use oci::{Algorithm, Digest, Hasher};

use crate::StorageError;
use crate::objects::Inner;

/// How far an upload is, as this process knows it.
#[derive(Clone)]
pub(in crate::objects) struct Progress {
    pub(super) offset: u64,
    hasher: Hasher,
}

impl Progress {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        Self { offset: 0, hasher: Hasher::of(algorithm) }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.offset += bytes.len() as u64;
    }

    /// If it is known of all `offset` bytes.
    pub(super) fn digest(&self, algorithm: Algorithm, offset: u64) -> Option<Digest> {
        let is_of_all = self.offset == offset && self.hasher.algorithm() == algorithm;
        is_of_all.then(|| self.hasher.clone().finish().first())
    }
}

impl Inner {
    /// Reads an object to hash it.
    pub(super) async fn hash(&self, key: &Path, algorithm: Algorithm) -> Result<Digest, StorageError> {
        let mut hasher = Hasher::of(algorithm);
        let found = self.store.get(key).await.map_err(StorageError::object("read", key))?;
        let mut chunks = found.into_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(StorageError::object("read", key))? {
            hasher.update(&chunk);
        }
        Ok(hasher.finish().first())
    }
}
