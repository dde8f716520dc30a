//! Dropping an upload, because it has become a blob or is not wanted.

use super::claim::Held;
use crate::UploadError;
use crate::objects::{Inner, keys};

impl Inner {
    /// What cannot be removed from the bucket now is found with the other strays: without a row it is one.
    pub(super) async fn drop_upload(&self, held: Held) -> Result<(), UploadError> {
        let (id, upload) = (held.id, held.upload);
        held.lease.remove().await?;
        self.uploads.remove(id);
        self.forget_tail(id, &upload).await;
        if let Some(multipart) = &upload.multipart {
            let whole = keys::whole(id);
            _ = self.abort(&whole, multipart).await;
            _ = self.remove(&whole).await;
        }
        Ok(())
    }
}
