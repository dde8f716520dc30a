//! Finding blobs.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use oci::Digest;

use super::{FileBlob, Folder};
use crate::{Blob, StorageError};

impl Folder {
    /// The size of a blob in bytes, if it is there.
    pub async fn head(&self, digest: &Digest) -> Result<Option<u64>, StorageError> {
        let digest = *digest;
        self.work(move |inner| {
            let path = inner.layout.blob(&digest);
            Ok(found(&path)?.map(|found| found.len()))
        })
        .await
    }

    /// A blob to be read, if it is there. It can be read to its end also if it is removed meanwhile.
    pub async fn open_blob(&self, digest: &Digest) -> Result<Option<Blob>, StorageError> {
        let digest = *digest;
        self.work(move |inner| {
            let path = inner.layout.blob(&digest);
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(StorageError::at("open", &path)(error)),
            };
            let size = file.metadata().map_err(StorageError::at("look at", &path))?.len();
            Ok(Some(FileBlob::new(file, size, Arc::clone(&inner.buffers)).into()))
        })
        .await
    }

    /// Says that a blob is about to be referred to, so that [`Folder::sweep`] leaves it alone: for who links to what is there
    /// without sending it again. Whether it is there.
    pub async fn touch(&self, digest: &Digest) -> Result<bool, StorageError> {
        let digest = *digest;
        self.work(move |inner| {
            let path = inner.layout.blob(&digest);
            let _alone = inner.alone(&digest);
            match touch(&path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                Err(error) => Err(StorageError::at("touch", &path)(error)),
            }
        })
        .await
    }
}

/// What is said of a file, if it is there.
pub(super) fn found(path: &Path) -> Result<Option<Metadata>, StorageError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::at("look at", path)(error)),
    }
}

/// Makes a file look as if it had just been written.
pub(super) fn touch(path: &Path) -> io::Result<()> {
    File::open(path)?.set_modified(SystemTime::now())
}
