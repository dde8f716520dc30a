//! Taking the bytes of a request.

use std::error::Error;
use std::pin::{Pin, pin};
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use oci::{Digest, UploadId};

use super::Progress;
use super::pipe::Pipe;
use super::writer::Writer;
use crate::UploadError;
use crate::folder::Folder;
use crate::turns::{Claim, Turn};

impl Folder {
    /// Appends a body to an upload and says how many bytes there are then.
    ///
    /// `at` is where the sender believes that the upload ends, if it said so; `limit` is what the whole upload may have, in bytes.
    /// The body is read no faster than the disk takes it, and about a mebibyte of it is held. If it breaks off, or the caller is
    /// dropped, what came is kept.
    pub async fn append<S, E>(
        &self,
        id: UploadId,
        at: Option<u64>,
        limit: u64,
        body: S,
    ) -> Result<u64, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let (_turn, mut pipe, taken) = self.pour(id, at, limit, body).await?;
        let end = pipe.end().await;
        taken?;
        end
    }

    /// Appends the last of an upload and makes all of it the blob that it is said to be, as [`Folder::finish`] does. It is saved once, as
    /// a blob; only what remains of a body that breaks off is saved as a part.
    pub async fn complete<S, E>(
        &self,
        id: UploadId,
        at: Option<u64>,
        limit: u64,
        body: S,
        digest: &Digest,
    ) -> Result<u64, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let (_turn, mut pipe, taken) = self.pour(id, at, limit, body).await?;
        if let Err(error) = taken {
            // Whoever goes on asks where it stands.
            _ = pipe.end().await;
            return Err(error);
        }
        pipe.seal(*digest).await
    }

    /// Takes a body to its end, or to where it breaks off. What is left of it is in the pipe.
    async fn pour<S, E>(
        &self,
        id: UploadId,
        at: Option<u64>,
        limit: u64,
        body: S,
    ) -> Result<(Turn<Progress>, Pipe, Result<(), UploadError>), UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let Claim { turn, progress } = self.claim(id).await?;
        let inner = Arc::clone(&self.0);
        let mut pipe =
            Pipe::new(Writer { inner, id, algorithm: turn.slot().algorithm, progress, file: None });
        let start = pipe.offset().await?;
        if at.is_some_and(|at| at != start) && !faults::mutant!("blobs-offset-not-compared") {
            return Err(UploadError::Offset { at: start });
        }
        let taken = take(&mut pipe, start, limit, pin!(body)).await;
        Ok((turn, pipe, taken))
    }
}

async fn take<S, E>(pipe: &mut Pipe, start: u64, limit: u64, mut body: Pin<&mut S>) -> Result<(), UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut end = start;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| UploadError::Body(error.into()))?;
        end = end.saturating_add(piece.len() as u64);
        if end > limit && !faults::mutant!("blobs-upload-without-bound") {
            return Err(UploadError::TooLarge { limit });
        }
        pipe.push(piece).await?;
    }
    Ok(())
}
