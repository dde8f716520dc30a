//! Beginning an upload in parts, and giving it up.

use std::time::Duration;

use atproto::Did;
use oci::{Digest, UploadId};

use super::{PartsError, rows};
use crate::{Error, Hold};

impl Hold {
    /// Begins an upload, which nobody but `owner` goes on with, perhaps of a blob that is known already.
    pub async fn begin_parts(&self, owner: &Did, expected: Option<Digest>) -> Result<UploadId, PartsError> {
        let id = UploadId::from(rand::random::<[u8; 16]>());
        rows::begin(&self.inner().state, id.to_string(), owner.clone(), expected).await?;
        Ok(id)
    }

    /// Refuses who has no such upload.
    pub async fn check_parts(&self, id: UploadId, owner: &Did, number: u32) -> Result<(), PartsError> {
        if !(1..=super::MOST_PARTS).contains(&number) {
            return Err(PartsError::Number);
        }
        rows::expected(&self.inner().state, id.to_string(), owner.clone()).await.map(drop)
    }

    /// Gives an upload up, and removes its parts.
    pub async fn abort_parts(&self, id: UploadId, owner: &Did) -> Result<(), PartsError> {
        let parts = rows::end(&self.inner().state, id.to_string(), owner.clone()).await?;
        self.sweep_parts(parts, None).await?;
        Ok(())
    }

    /// Forgets uploads to which nothing came for longer than `idle`; how many. Their parts are garbage like any other.
    pub async fn expire_parts(&self, idle: Duration) -> Result<u64, Error> {
        Ok(rows::expire(&self.inner().state, idle).await?)
    }
}
