//! From a request to the bucket.

use bytes::Bytes;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Progress;
use super::claim::Held;
use super::part::Part;
use super::sending::Sent;
use crate::objects::Objects;
use crate::{StorageError, UploadError};

/// Goes on when the request has gone: what came is kept.
pub(super) struct Sink {
    pub(super) objects: Objects,
    pub(super) held: Held,
    pub(super) part: Option<Part>,
    pub(super) sending: Option<JoinHandle<Result<Sent, StorageError>>>,
}

impl Sink {
    pub(super) fn new(objects: Objects, held: Held) -> Self {
        Self { objects, held, part: None, sending: None }
    }

    /// Where the upload stands when there are no more pieces.
    pub(super) async fn run(mut self, pieces: Receiver<Bytes>) -> Result<u64, UploadError> {
        let mut progress = self.held.lease.take_known();
        let taken = self.take_and_save(pieces, &mut progress).await;
        if taken.is_ok() {
            self.held.lease.learn(progress);
        }
        let ended = self.held.lease.end().await;
        taken?;
        ended?;
        Ok(self.held.upload.offset())
    }

    async fn take_and_save(
        &mut self,
        mut pieces: Receiver<Bytes>,
        progress: &mut Option<Progress>,
    ) -> Result<(), UploadError> {
        // Another process may have gone on with it.
        let start = self.held.upload.offset();
        progress.take_if(|known| known.offset != start);
        self.take(&mut pieces, progress).await?;
        drop(pieces);
        self.save().await
    }

    async fn take(
        &mut self,
        pieces: &mut Receiver<Bytes>,
        progress: &mut Option<Progress>,
    ) -> Result<(), UploadError> {
        loop {
            match timeout(self.objects.0.sizes.patience, pieces.recv()).await {
                Ok(None) => return Ok(()),
                Ok(Some(piece)) => {
                    if let Some(progress) = progress {
                        progress.update(&piece);
                    }
                    self.push(piece).await?;
                }
                Err(_) => {}
            }
            self.make_room().await?;
        }
    }

    async fn push(&mut self, mut piece: Bytes) -> Result<(), UploadError> {
        while !piece.is_empty() {
            self.want_room().await?;
            let Some(part) = &mut self.part else { continue };
            part.push(&piece.split_to(part.room().min(piece.len())));
            if part.is_full() {
                self.send().await?;
            }
        }
        Ok(())
    }
}
