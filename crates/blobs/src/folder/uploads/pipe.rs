//! From a body to a file: one batch is written while the next one is gathered.

use std::mem;

use bytes::Bytes;
use oci::Digest;
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

use super::batch::Batch;
use super::writer::Writer;
use crate::{StorageError, UploadError};

/// Holds at most two batches. What it holds when its owner is gone is written nevertheless.
pub(super) struct Pipe {
    writer: Where,
    batch: Batch,
}

/// The writer, or who has it.
enum Where {
    Here(Writer),
    Away(JoinHandle<(Writer, Result<(), UploadError>)>),
    /// It failed. Nothing may be written any more: there would be a hole.
    Gone,
}

impl Where {
    /// Waits for the batch that is being written. Nothing is lost if nobody waits to the end.
    async fn landed(&mut self) -> Result<(), UploadError> {
        let Self::Away(writing) = self else { return Ok(()) };
        let landed = writing.await;
        *self = Self::Gone;
        let (writer, outcome) = landed.map_err(StorageError::ended)?;
        outcome?;
        *self = Self::Here(writer);
        Ok(())
    }

    fn send(&mut self, work: impl FnOnce(&mut Writer) -> Result<(), UploadError> + Send + 'static) {
        *self = match mem::replace(self, Self::Gone) {
            Self::Here(mut writer) => Self::Away(spawn_blocking(move || {
                let outcome = work(&mut writer);
                (writer, outcome)
            })),
            other => other,
        };
    }
}

impl Pipe {
    pub(super) fn new(writer: Writer) -> Self {
        Self { writer: Where::Here(writer), batch: Batch::default() }
    }

    /// Where the upload stands. If that is not known, its file is read.
    pub(super) async fn offset(&mut self) -> Result<u64, UploadError> {
        if self.known().is_none() {
            self.writer.send(|writer| writer.offset().map(drop));
            self.writer.landed().await?;
        }
        self.known().ok_or(UploadError::Unknown)
    }

    fn known(&self) -> Option<u64> {
        match &self.writer {
            Where::Here(writer) => writer.progress.as_ref().map(|progress| progress.offset),
            Where::Away(_) | Where::Gone => None,
        }
    }

    /// Takes what comes next, and waits if the disk is behind.
    pub(super) async fn push(&mut self, piece: Bytes) -> Result<(), UploadError> {
        self.batch.push(piece);
        if self.batch.is_full() { self.write(false).await } else { Ok(()) }
    }

    /// Writes what is left, and says where the upload stands now.
    pub(super) async fn end(&mut self) -> Result<u64, UploadError> {
        self.write(true).await?;
        self.writer.landed().await?;
        self.known().ok_or(UploadError::Unknown)
    }

    /// Writes what is left and makes all of it a blob. Its size.
    pub(super) async fn seal(mut self, digest: Digest) -> Result<u64, UploadError> {
        self.writer.landed().await?;
        let Where::Here(mut writer) = mem::replace(&mut self.writer, Where::Gone) else {
            return Err(UploadError::Unknown);
        };
        let batch = mem::take(&mut self.batch);
        let sealed = spawn_blocking(move || writer.seal(batch, &digest)).await;
        sealed.map_err(StorageError::ended)?
    }

    async fn write(&mut self, is_last: bool) -> Result<(), UploadError> {
        self.writer.landed().await?;
        let batch = mem::take(&mut self.batch);
        self.writer.send(move |writer| writer.write(batch, is_last));
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let (mut writer, batch) = (mem::replace(&mut self.writer, Where::Gone), mem::take(&mut self.batch));
        if batch.is_empty() || matches!(writer, Where::Gone) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            // Nobody is there to be told of an error: whoever goes on with the upload asks where it stands.
            if writer.landed().await.is_ok() {
                writer.send(move |writer| writer.write(batch, true));
                _ = writer.landed().await;
            }
        });
    }
}
