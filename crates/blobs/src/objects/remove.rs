//! Removing blobs.

use std::time::{Duration, SystemTime};

use object_store::ObjectStoreExt;
use object_store::path::Path;
use oci::Digest;
use tokio::time::{sleep, timeout};

use super::marks::Removal;
use super::{Inner, Objects, keys};
use crate::StorageError;

/// For one removal: less than others wait for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Until another one looks whether somebody who removes the same blob has done so.
const PAUSE: Duration = Duration::from_millis(20);

impl Objects {
    /// Removes a blob. Whether it was there.
    pub async fn delete(&self, digest: &Digest) -> Result<bool, StorageError> {
        let digest = *digest;
        self.work(move |objects| async move {
            while objects.0.found(&keys::blob(&digest)).await?.is_some() {
                match Removal::begin(&objects.0.database, &digest, None).await? {
                    Some(removal) => return objects.0.carry_out(removal, &digest).await.map(|()| true),
                    None => sleep(PAUSE).await,
                }
            }
            Ok(false)
        })
        .await
    }

    /// Removes a blob that nobody has sent or touched since `before`: what was looked for references before may have got one since.
    /// The bytes that this freed, if it did.
    pub async fn sweep(&self, digest: &Digest, before: SystemTime) -> Result<Option<u64>, StorageError> {
        let digest = *digest;
        self.work(move |objects| async move {
            let Some(found) = objects.0.found(&keys::blob(&digest)).await? else { return Ok(None) };
            if SystemTime::from(found.last_modified) >= before {
                return Ok(None);
            }
            // Whoever sends it again or touches it notes that first, and waits from here on.
            match Removal::begin(&objects.0.database, &digest, Some(before)).await? {
                Some(removal) => objects.0.carry_out(removal, &digest).await.map(|()| Some(found.size)),
                None => Ok(None),
            }
        })
        .await
    }
}

impl Inner {
    /// If the bucket does not say that it is done, it may still do it: then the right to it ends by itself.
    async fn carry_out(&self, removal: Removal, digest: &Digest) -> Result<(), StorageError> {
        self.remove(&keys::blob(digest)).await?;
        Ok(removal.end(&self.database).await?)
    }

    /// Removes an object. One that is not there is removed already.
    pub(super) async fn remove(&self, key: &Path) -> Result<(), StorageError> {
        let late = |_| object_store::Error::Generic { store: "S3", source: "it took too long".into() };
        match timeout(PATIENCE, self.store.delete(key)).await.map_err(late).flatten() {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::object("remove", key)(error)),
        }
    }
}
