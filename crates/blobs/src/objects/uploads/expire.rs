//! Dropping uploads that nobody goes on with.

use std::time::{Duration, SystemTime};

use clock::{micros, now_micros};
use oci::UploadId;

use super::rows;
use crate::objects::{Inner, Objects};
use crate::turns::{Claim, Slot};
use crate::{StorageError, UploadError};

impl Objects {
    /// Drops the uploads to which nothing came for longer than `idle`, and says how many. One that a request is at stays. What uploads
    /// left in the bucket that nobody knows of any more goes too.
    pub async fn expire(&self, idle: Duration) -> Result<usize, StorageError> {
        let Some(before) = SystemTime::now().checked_sub(idle) else { return Ok(0) };
        let inner = &self.0;
        let mut dropped = 0;
        for id in rows::idle(&inner.database, now_micros().saturating_sub(micros(idle))).await? {
            match UploadId::parse(&id) {
                Ok(id) if inner.expire(id).await? => dropped += 1,
                _ => {}
            }
        }
        inner.forget_unknown().await?;
        inner.remove_strays(before).await?;
        inner.abort_strays(before).await?;
        Ok(dropped)
    }
}

impl Inner {
    async fn expire(&self, id: UploadId) -> Result<bool, StorageError> {
        // Which algorithm does not matter any more.
        let slot = self.uploads.get_or(id, Slot::new(oci::Algorithm::Sha256, None));
        let Some(Claim { turn: _turn, progress }) = Claim::now(slot) else { return Ok(false) };
        let outcome = match self.hold(id, progress).await {
            Ok(held) => self.drop_upload(held).await,
            Err(refused) => Err(refused),
        };
        match outcome {
            Ok(()) => Ok(true),
            Err(UploadError::Storage(error)) => Err(error),
            // Somebody else has it, or has dropped it.
            Err(_) => Ok(false),
        }
    }

    /// Frees the memory of uploads that other processes ended.
    async fn forget_unknown(&self) -> Result<(), StorageError> {
        for id in self.uploads.ids() {
            if let Err(UploadError::Unknown) = rows::get(&self.database, id).await {
                self.uploads.remove(id);
            }
        }
        Ok(())
    }
}
