//! What tests begin with.

use std::io;

use blobs::{BlobStore, Folder, Fsync, UploadError};
use bytes::Bytes;
use futures::{Stream, TryStreamExt, stream};
use oci::{Algorithm, Digest, UploadId};
use tempfile::TempDir;

pub(crate) const MANY: u64 = u64::MAX;

pub(crate) fn folder() -> (TempDir, BlobStore) {
    let dir = TempDir::new().unwrap();
    let folder = Folder::open(dir.path(), Fsync::Off).unwrap();
    (dir, BlobStore::Folder(folder))
}

/// The same bytes for the same seed.
pub(crate) fn content(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&next());
    }
    bytes.truncate(length);
    bytes
}

pub(crate) fn sha256(content: &[u8]) -> Digest {
    Digest::of(Algorithm::Sha256, content)
}

/// A body that comes in pieces.
pub(crate) fn body(content: &[u8], piece: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let pieces: Vec<_> = content.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

pub(crate) async fn begin(store: &BlobStore) -> UploadId {
    store.start(Algorithm::Sha256).await.unwrap()
}

pub(crate) async fn append(store: &BlobStore, id: UploadId, content: &[u8]) -> Result<u64, UploadError> {
    store.append(id, None, body(content, 64 * 1024), MANY).await
}

pub(crate) async fn put(store: &BlobStore, content: &[u8]) -> Digest {
    let (id, digest) = (begin(store).await, sha256(content));
    append(store, id, content).await.unwrap();
    assert_eq!(store.finish(id, &digest).await.unwrap(), content.len() as u64);
    digest
}

pub(crate) async fn get(store: &BlobStore, digest: &Digest) -> Option<Vec<u8>> {
    let blob = store.open(digest).await.unwrap()?;
    let chunks: Vec<Bytes> = blob.read(0..u64::MAX).try_collect().await.unwrap();
    Some(chunks.concat())
}
