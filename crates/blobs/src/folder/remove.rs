//! Removing blobs.

use std::fs;
use std::io::ErrorKind;
use std::time::SystemTime;

use oci::Digest;

use super::lookup::found;
use super::{Folder, Inner};
use crate::StorageError;

impl Folder {
    /// Removes a blob. Whether it was there.
    pub async fn delete(&self, digest: &Digest) -> Result<bool, StorageError> {
        let digest = *digest;
        self.work(move |inner| {
            let _alone = inner.alone(&digest);
            remove(inner, &digest)
        })
        .await
    }

    /// Removes a blob that nobody has sent or touched since `before`: what was looked for references before may have got one since.
    /// The bytes that this freed, if it did.
    pub async fn sweep(&self, digest: &Digest, before: SystemTime) -> Result<Option<u64>, StorageError> {
        let digest = *digest;
        self.work(move |inner| {
            let path = inner.layout.blob(&digest);
            let _alone = inner.alone(&digest);
            let Some(found) = found(&path)? else { return Ok(None) };
            let modified = found.modified().map_err(StorageError::at("look at", &path))?;
            let is_young = modified >= before && !faults::mutant!("blobs-young-one-swept");
            if is_young || !remove(inner, &digest)? {
                return Ok(None);
            }
            Ok(Some(found.len()))
        })
        .await
    }
}

fn remove(inner: &Inner, digest: &Digest) -> Result<bool, StorageError> {
    let path = inner.layout.blob(digest);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StorageError::at("remove", &path)(error)),
    }
}
