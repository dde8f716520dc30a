//! The end of an upload's file, for one request.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use oci::{Algorithm, Digest, UploadId};
use tokio::sync::OwnedMutexGuard;

use super::batch::Batch;
use super::finish::settle;
use super::progress::Progress;
use crate::folder::Inner;
use crate::{StorageError, UploadError};

/// Opens the file when there is something to do. All of it may wait for the disk.
pub(super) struct Writer {
    pub(super) inner: Arc<Inner>,
    pub(super) id: UploadId,
    pub(super) algorithm: Algorithm,
    pub(super) progress: OwnedMutexGuard<Option<Progress>>,
    pub(super) file: Option<File>,
}

impl Writer {
    /// How many bytes there are, which may have to be found out by reading them.
    pub(super) fn offset(&mut self) -> Result<u64, UploadError> {
        let (_, progress) = self.ready()?;
        let offset = progress.offset;
        self.progress.replace(progress);
        Ok(offset)
    }

    /// Writes a batch and, if it is the last, makes it as durable as is asked for. On an error what was written counts.
    pub(super) fn write(&mut self, mut batch: Batch, is_last: bool) -> Result<(), UploadError> {
        let (mut file, mut progress) = self.ready()?;
        let path = self.inner.layout.upload(self.id);
        let written = progress.write(&mut file, &mut batch.slices());
        self.progress.replace(progress);
        written.map_err(StorageError::at("write", &path))?;
        if is_last {
            self.inner.fsync.part(&file).map_err(StorageError::at("save", &path))?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Writes the last batch and gives the file the name of a blob. On an error what was written counts.
    pub(super) fn seal(&mut self, mut batch: Batch, digest: &Digest) -> Result<u64, UploadError> {
        let (mut file, mut progress) = self.ready()?;
        let path = self.inner.layout.upload(self.id);
        let written = progress.write(&mut file, &mut batch.slices());
        self.progress.replace(progress);
        written.map_err(StorageError::at("write", &path))?;
        settle(&self.inner, self.id, &file, &mut self.progress, digest)
    }

    /// The progress is taken: if the thread ends in between, it is unknown from then on, which is right.
    fn ready(&mut self) -> Result<(File, Progress), UploadError> {
        let path = self.inner.layout.upload(self.id);
        let file = match self.file.take() {
            Some(file) => file,
            None => open(&self.inner, self.id, &path)?,
        };
        let progress = match self.progress.take() {
            Some(progress) => progress,
            None => Progress::of(&file, self.algorithm).map_err(StorageError::at("read", &path))?,
        };
        Ok((file, progress))
    }
}

/// The file of an upload, to be read and appended to. If somebody has taken it away, there is no such upload.
pub(super) fn open(inner: &Inner, id: UploadId, path: &Path) -> Result<File, UploadError> {
    OpenOptions::new().read(true).append(true).open(path).map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            inner.uploads.remove(id);
            return UploadError::Unknown;
        }
        StorageError::at("open", path)(error).into()
    })
}
