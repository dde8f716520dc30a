//! Beginning an upload, and looking where one stands.

use clock::now_micros;
use oci::{Algorithm, UploadId};
use uuid::Uuid;

use super::{Progress, rows};
use crate::objects::Objects;
use crate::turns::{MOST, Slot};
use crate::{StorageError, UploadError};

impl Objects {
    /// Begins an upload. The algorithm is that of the digest that is expected at its end; with another, all is read once more.
    pub async fn start(&self, algorithm: Algorithm) -> Result<UploadId, UploadError> {
        let database = &self.0.database;
        if rows::are_as_many(database, MOST).await? {
            return Err(UploadError::TooMany);
        }
        let id = UploadId::from(Uuid::now_v7().into_bytes());
        rows::insert(database, id, algorithm, now_micros()).await?;
        self.0.uploads.insert(id, Slot::new(algorithm, Some(Progress::new(algorithm))));
        Ok(id)
    }

    /// How many uploads are open, on all instances.
    pub async fn open_uploads(&self) -> Result<u64, StorageError> {
        Ok(rows::count(&self.0.database).await?)
    }

    /// How many bytes of an upload are kept: those in the bucket.
    pub async fn offset(&self, id: UploadId) -> Result<u64, UploadError> {
        Ok(rows::get(&self.0.database, id).await?.offset())
    }
}
