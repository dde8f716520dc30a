//! Beginning an upload, and looking where one stands.

use std::fs::File;

use oci::{Algorithm, UploadId};

use super::progress::Progress;
use crate::folder::Folder;
use crate::folder::lookup::found;
use crate::sender::new_id;
use crate::turns::Slot;
use crate::{Sender, StorageError, UploadError};

impl Folder {
    /// Begins an upload. The algorithm is that of the digest that is expected at its end; with another, all is read once more.
    /// Of one sender there may be so many at once.
    pub async fn start(&self, algorithm: Algorithm, sender: Option<Sender>) -> Result<UploadId, UploadError> {
        self.work(move |inner| {
            if inner.uploads.is_full(sender) {
                return Err(UploadError::TooMany);
            }
            let id = new_id(sender);
            let (dir, path) = (inner.layout.uploads(), inner.layout.upload(id));
            File::create_new(&path).map_err(StorageError::at("make", &path))?;
            inner.fsync.upload(&dir).map_err(StorageError::at("save the folder", &dir))?;
            inner.uploads.insert(id, Slot::new(algorithm, Some(Progress::new(algorithm))));
            Ok(id)
        })
        .await
    }

    /// How many uploads are open, none of them anybody else's.
    #[must_use]
    pub fn open_uploads(&self) -> u64 {
        self.0.uploads.len() as u64
    }

    /// How many bytes of an upload there are, also while some more are being written.
    pub async fn offset(&self, id: UploadId) -> Result<u64, UploadError> {
        if self.0.uploads.get(id).is_none() {
            return Err(UploadError::Unknown);
        }
        self.work(move |inner| {
            let path = inner.layout.upload(id);
            Ok(found(&path)?.ok_or(UploadError::Unknown)?.len())
        })
        .await
    }
}
