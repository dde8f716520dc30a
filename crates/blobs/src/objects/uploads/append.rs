//! Taking the bytes of a request.

use std::error::Error;
use std::pin::{Pin, pin};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use oci::UploadId;
use tokio::sync::mpsc::{Sender, channel};

use super::sink::Sink;
use crate::objects::Objects;
use crate::{StorageError, UploadError};

/// Pieces on their way from the request to who sends them on.
const WAITING: usize = 2;

impl Objects {
    /// Appends a body to an upload and says how many bytes there are then.
    ///
    /// `at` is where the sender believes that the upload ends, if it said so; `limit` is what the whole upload may have, in bytes.
    /// The body is read no faster than the bucket takes it. If it breaks off, or the caller is dropped, what came is kept.
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
        let (_turn, held) = self.claim(id).await?;
        let start = held.upload.offset();
        if at.is_some_and(|at| at != start) {
            held.lease.end().await?;
            return Err(UploadError::Offset { at: start });
        }
        let (sender, pieces) = channel(WAITING);
        let writing = tokio::spawn(Sink::new(self.clone(), held).run(pieces));
        let taken = take(sender, start, limit.min(self.0.sizes.most()), pin!(body)).await;
        let end = writing.await.map_err(StorageError::ended)?;
        taken?;
        end
    }
}

/// The channel ends with this.
async fn take<S, E>(
    sender: Sender<Bytes>,
    start: u64,
    limit: u64,
    mut body: Pin<&mut S>,
) -> Result<(), UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut end = start;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| UploadError::Body(error.into()))?;
        end = end.saturating_add(piece.len() as u64);
        if end > limit {
            return Err(UploadError::TooLarge { limit });
        }
        // Who does not take it any more says why in the end.
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    Ok(())
}
