//! Taking the bytes of a part, or of a whole blob.

use atproto::Did;
use bytes::Bytes;
use clock::now_micros;
use futures::{Stream, TryStreamExt};
use oci::{Digest, Hasher, UploadId};

use super::begun::Begun;
use super::rows::{self, Part};
use super::{MOST_PARTS, PartsError};
use crate::Hold;

type BodyError = Box<dyn std::error::Error + Send + Sync>;

impl Hold {
    /// Takes a part; what it is called when all are named. Sent again, it takes the place of what was sent before. Of a body that
    /// breaks off nothing stays.
    pub async fn send_part<S>(
        &self,
        id: UploadId,
        owner: &Did,
        number: u32,
        body: S,
    ) -> Result<Digest, PartsError>
    where
        S: Stream<Item = Result<Bytes, BodyError>>,
    {
        if !(1..=MOST_PARTS).contains(&number) {
            return Err(PartsError::Number);
        }
        let (state, blobs) = (&self.inner().state, self.blobs());
        let expected = rows::expected(state, id.to_string(), owner.clone()).await?;
        let algorithm = rows::algorithm(expected);
        let upload = Begun::new(blobs, algorithm).await?;
        let mut hasher = Hasher::of(algorithm);
        let size = upload.append(body.inspect_ok(|piece| hasher.update(piece))).await?;
        let digest = hasher.finish().first();
        let was_here = blobs.head(&digest).await?.is_some();
        upload.finish(&digest).await?;
        let part = Part { number, digest, size, was_here, sent_at: now_micros() };
        let before = rows::note(state, id.to_string(), part.clone()).await;
        let unused = match &before {
            Ok(before) => before.clone(),
            Err(_) => Some(part),
        };
        self.sweep_parts(unused.into_iter().collect(), None).await?;
        before.map(|_| digest)
    }

    /// Takes a whole blob that is said to be this one; its size in bytes.
    pub async fn send_whole<S>(&self, digest: &Digest, body: S) -> Result<u64, PartsError>
    where
        S: Stream<Item = Result<Bytes, BodyError>>,
    {
        let upload = Begun::new(self.blobs(), digest.algorithm()).await?;
        upload.append(body).await?;
        Ok(upload.finish(digest).await?)
    }
}
