//! Dropping uploads that nobody goes on with.

use std::time::{Duration, SystemTime};

use oci::UploadId;

use super::finish::drop_upload;
use crate::StorageError;
use crate::folder::lookup::found;
use crate::folder::{Folder, Inner};
use crate::turns::Claim;

impl Folder {
    /// Drops the uploads to which nothing was written for longer than `idle`, and says how many. One that a request is at stays.
    pub async fn expire(&self, idle: Duration) -> Result<usize, StorageError> {
        self.work(move |inner| {
            let Some(before) = SystemTime::now().checked_sub(idle) else { return Ok(0) };
            let mut dropped = 0;
            for id in inner.uploads.ids() {
                dropped += usize::from(expire(inner, id, before)?);
            }
            Ok(dropped)
        })
        .await
    }
}

fn expire(inner: &Inner, id: UploadId, before: SystemTime) -> Result<bool, StorageError> {
    let Some(mut claim) = inner.uploads.get(id).and_then(Claim::now) else { return Ok(false) };
    let path = inner.layout.upload(id);
    if let Some(found) = found(&path)?
        && found.modified().map_err(StorageError::at("look at", &path))? >= before
    {
        return Ok(false);
    }
    claim.progress.take();
    drop_upload(inner, id, &path)?;
    Ok(true)
}
