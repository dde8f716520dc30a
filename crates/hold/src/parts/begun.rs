//! An upload that lives no longer than the request that needs it.

use blobs::{BlobStore, UploadError};
use bytes::Bytes;
use futures::Stream;
use oci::{Algorithm, Digest, UploadId};
use tokio::runtime::Handle;

use super::LARGEST;

/// Cancelled when it is dropped before its end, as it is when whoever asked has gone.
pub(super) struct Begun<'b> {
    blobs: &'b BlobStore,
    id: UploadId,
    is_open: bool,
}

impl<'b> Begun<'b> {
    pub(super) async fn new(blobs: &'b BlobStore, algorithm: Algorithm) -> Result<Self, UploadError> {
        Ok(Self { blobs, id: blobs.start(algorithm).await?, is_open: true })
    }

    /// Appends all of a body; how many bytes there are then.
    pub(super) async fn append<S, E>(&self, body: S) -> Result<u64, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.blobs.append(self.id, None, body, LARGEST).await
    }

    /// Makes it a blob; its size in bytes.
    pub(super) async fn finish(mut self, digest: &Digest) -> Result<u64, UploadError> {
        let finished = self.blobs.finish(self.id, digest).await;
        // One with another digest is gone already.
        self.is_open = finished.is_err();
        finished
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let (true, Ok(runtime)) = (self.is_open, Handle::try_current()) {
            let (blobs, id) = (self.blobs.clone(), self.id);
            // What cannot be cancelled now expires.
            runtime.spawn(async move { drop(blobs.cancel(id).await) });
        }
    }
}
