//! Making one object of all that came.

use bytes::Bytes;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt};

use super::claim::Held;
use super::rows;
use crate::objects::{Inner, keys};
use crate::{StorageError, UploadError};

impl Inner {
    /// All of an upload as one object; none if it is empty.
    pub(super) async fn whole(&self, held: &Held) -> Result<Option<Path>, UploadError> {
        let (upload, key) = (&held.upload, keys::whole(held.id));
        let Some(multipart) = upload.multipart.as_ref().filter(|_| upload.parts > 0) else {
            return Ok(upload.tail_key(held.id));
        };
        let completed = self.complete(held, &key, multipart).await;
        // Also if it failed: somebody who was to end it before may have come as far as this, and then it can not be done again.
        let found = self.found(&key).await?;
        if found.is_some_and(|found| found.size == upload.offset()) {
            return Ok(Some(key));
        }
        completed.and_then(|()| Err(other_length(&key).into()))
    }

    async fn complete(&self, held: &Held, key: &Path, multipart: &String) -> Result<(), UploadError> {
        let upload = &held.upload;
        let etags = rows::etags(&self.database, held.id, upload.parts).await?;
        let mut parts: Vec<_> = etags.into_iter().map(|content_id| PartId { content_id }).collect();
        if let Some(tail) = upload.tail_key(held.id) {
            let length = usize::try_from(upload.tail).unwrap_or(usize::MAX);
            let _memory = self.memory.take(length).await;
            let tail = self.tail(&tail, upload.tail).await?;
            let sent = self.store.put_part(key, multipart, upload.parts, tail.into()).await;
            parts.push(sent.map_err(StorageError::object("send a part of", key))?);
        }
        let complete = self.store.complete_multipart(key, multipart, parts).await;
        complete.map_err(StorageError::object("put together", key))?;
        Ok(())
    }

    /// What is behind the parts of an upload. Whoever reads it has the memory.
    pub(super) async fn tail(&self, key: &Path, length: u64) -> Result<Bytes, StorageError> {
        let found = self.store.get(key).await.map_err(StorageError::object("read", key))?;
        if found.meta.size != length {
            return Err(other_length(key));
        }
        found.bytes().await.map_err(StorageError::object("read", key))
    }
}

fn other_length(key: &Path) -> StorageError {
    let source = "it has another length than what was sent".into();
    StorageError::object("use", key)(Error::Generic { store: "S3", source })
}
