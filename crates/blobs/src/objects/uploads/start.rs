//! Beginning an upload, and looking where one stands.

use clock::now_micros;
use oci::{Algorithm, UploadId};

use super::{Progress, rows};
use crate::objects::Objects;
use crate::sender::{MOST_OF_ONE, new_id};
use crate::turns::{MOST, Slot};
use crate::{Sender, StorageError, UploadError};

impl Objects {
    /// Begins an upload. The algorithm is that of the digest that is expected at its end; with another, all is read once more.
    /// Of one sender there may be so many at once.
    pub async fn start(&self, algorithm: Algorithm, sender: Option<Sender>) -> Result<UploadId, UploadError> {
        let database = &self.0.database;
        let open = rows::count(database).await?;
        // Of fewer nobody has too many.
        let is_share_used_up = match sender.filter(|_| open >= MOST_OF_ONE as u64) {
            Some(sender) => rows::count_of(database, sender).await? >= MOST_OF_ONE as u64,
            None => false,
        };
        if open >= MOST as u64 || is_share_used_up {
            return Err(UploadError::TooMany);
        }
        let id = new_id(sender);
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
