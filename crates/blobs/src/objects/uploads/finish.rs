//! Ending an upload: it becomes a blob, or is dropped.

use oci::{Digest, UploadId};

use super::claim::Held;
use crate::UploadError;
use crate::objects::{Inner, Objects};

impl Objects {
    /// Makes an upload the blob that it is said to be, and says its size in bytes. If its content has another digest, it is dropped.
    /// A blob that is there already stays, and counts as sent now.
    pub async fn finish(&self, id: UploadId, digest: &Digest) -> Result<u64, UploadError> {
        let digest = *digest;
        let (_turn, held) = self.claim(id).await?;
        self.work(move |objects| async move {
            match objects.0.verified(&held, &digest).await {
                Ok(verified) => objects.0.end(held, verified).await,
                Err(error) => {
                    held.lease.end().await?;
                    Err(error)
                }
            }
        })
        .await
    }

    /// Drops an upload.
    pub async fn cancel(&self, id: UploadId) -> Result<(), UploadError> {
        let (_turn, held) = self.claim(id).await?;
        self.work(move |objects| async move { objects.0.drop_upload(held).await }).await
    }
}

impl Inner {
    /// Gives what is in an upload the address, if it has that digest. Otherwise, the one that it has.
    async fn verified(&self, held: &Held, digest: &Digest) -> Result<Result<u64, Digest>, UploadError> {
        let (size, algorithm) = (held.upload.offset(), digest.algorithm());
        let known = held.lease.known().and_then(|known| known.digest(algorithm, size));
        if let Some(found) = known.filter(|found| found != digest) {
            return Ok(Err(found));
        }
        let whole = self.whole(held).await?;
        let found = match (known, &whole) {
            (Some(found), _) => found,
            (None, Some(whole)) => self.hash(whole, algorithm).await?,
            (None, None) => Digest::of(algorithm, b""),
        };
        if found != *digest {
            return Ok(Err(found));
        }
        self.place(whole.as_ref(), digest, size).await?;
        Ok(Ok(size))
    }

    async fn end(&self, held: Held, verified: Result<u64, Digest>) -> Result<u64, UploadError> {
        self.drop_upload(held).await?;
        verified.map_err(|found| UploadError::Digest { found })
    }
}
