//! One part is sent while the next one is filled.

use object_store::ObjectStoreExt;
use object_store::multipart::MultipartStore;
use store::v;
use uuid::Uuid;

use super::sink::Sink;
use crate::objects::keys;
use crate::{StorageError, UploadError};

/// A part that is in the bucket.
pub(super) struct Sent {
    etag: String,
    length: u64,
}

impl Sink {
    /// Sends a part that is full.
    pub(super) async fn send(&mut self) -> Result<(), UploadError> {
        self.landed().await?;
        let Some(part) = self.part.take() else { return Ok(()) };
        let multipart = self.multipart().await?;
        let (key, number) = (keys::whole(self.held.id), self.held.upload.parts);
        let (store, (bytes, memory)) = (self.objects.0.store.clone(), part.into_bytes());
        self.sending = Some(tokio::spawn(async move {
            let length = bytes.len() as u64;
            let sent = store.put_part(&key, &multipart, number, bytes.into()).await;
            drop(memory);
            let sent = sent.map_err(StorageError::object("send a part of", &key))?;
            Ok(Sent { etag: sent.content_id, length })
        }));
        Ok(())
    }

    /// What the bucket calls the upload, from its first part on. It is known before there is a part.
    async fn multipart(&mut self) -> Result<String, UploadError> {
        if let Some(multipart) = &self.held.upload.multipart {
            return Ok(multipart.clone());
        }
        let key = keys::whole(self.held.id);
        let begun = self.objects.0.store.create_multipart(&key).await;
        let multipart = begun.map_err(StorageError::object("begin", &key))?;
        let name = multipart.clone();
        let sql = "UPDATE blob_uploads SET multipart = $3 WHERE id = $1 AND holder = $2";
        let note = self.held.lease.change(move |c, id, holder| c.execute(sql, &[v(id), v(holder), v(&name)]));
        note.await?;
        self.held.upload.multipart = Some(multipart.clone());
        Ok(multipart)
    }

    /// Waits for the part that is being sent, and notes that it is there.
    pub(super) async fn landed(&mut self) -> Result<(), UploadError> {
        let Some(sending) = self.sending.take() else { return Ok(()) };
        let Sent { etag, length } = sending.await.map_err(StorageError::ended)??;
        let old = self.held.upload.clone();
        self.held.note_part(etag, length).await?;
        self.objects.0.forget_tail(self.held.id, &old).await;
        Ok(())
    }

    /// Takes care that all that came is in the bucket, and noted.
    pub(super) async fn save(&mut self) -> Result<(), UploadError> {
        self.landed().await?;
        let Some(part) = self.part.take() else { return Ok(()) };
        let (old, tail) = (self.held.upload.clone(), part.length() as u64);
        if tail == old.tail {
            return Ok(());
        }
        let name = Uuid::now_v7().to_string();
        let key = keys::tail(self.held.id, &name);
        let (bytes, memory) = part.into_bytes();
        let stored = self.objects.0.store.put(&key, bytes.into()).await;
        drop(memory);
        stored.map_err(StorageError::object("store", &key))?;
        self.held.note_tail(tail, name).await?;
        self.objects.0.forget_tail(self.held.id, &old).await;
        Ok(())
    }
}
