//! What tests begin with.

use std::io;

use blobs::{Folder, Fsync, UploadError};
use bytes::Bytes;
use futures::{Stream, TryStreamExt, stream};
use oci::{Algorithm, Digest, UploadId};
use tempfile::TempDir;

pub(crate) const MANY: u64 = u64::MAX;

pub(crate) fn folder() -> (TempDir, Folder) {
    let dir = TempDir::new().unwrap();
    let folder = Folder::open(dir.path(), Fsync::Off).unwrap();
    (dir, folder)
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

pub(crate) async fn begin(folder: &Folder) -> UploadId {
    folder.start(Algorithm::Sha256).await.unwrap()
}

pub(crate) async fn append(folder: &Folder, id: UploadId, content: &[u8]) -> Result<u64, UploadError> {
    folder.append(id, None, MANY, body(content, 64 * 1024)).await
}

pub(crate) async fn put(folder: &Folder, content: &[u8]) -> Digest {
    let (id, digest) = (begin(folder).await, sha256(content));
    append(folder, id, content).await.unwrap();
    assert_eq!(folder.finish(id, &digest).await.unwrap(), content.len() as u64);
    digest
}

pub(crate) async fn get(folder: &Folder, digest: &Digest) -> Option<Vec<u8>> {
    let blob = folder.open_blob(digest).await.unwrap()?;
    let chunks: Vec<Bytes> = blob.read(0..u64::MAX).try_collect().await.unwrap();
    Some(chunks.concat())
}
