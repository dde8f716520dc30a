//! Giving a blob its address.

use bytes::Bytes;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use oci::Digest;

use crate::StorageError;
use crate::objects::{Inner, keys, marks};

impl Inner {
    /// Has the bucket copy what is the content of the blob to its address, unless it is there. An object of another size under this
    /// address is damaged, and is replaced.
    pub(super) async fn place(
        &self,
        content: Option<&Path>,
        digest: &Digest,
        size: u64,
    ) -> Result<(), StorageError> {
        // First, so that nobody who looked for garbage before removes it.
        marks::touch(&self.database, digest).await?;
        let key = keys::blob(digest);
        let _alone = self.placing[usize::from(digest.as_bytes()[0])].lock().await;
        if self.found(&key).await?.is_some_and(|found| found.size == size) {
            return Ok(());
        }
        match content {
            Some(content) => self.copy(content, &key, size).await,
            None => {
                let stored = self.store.put(&key, Bytes::new().into()).await;
                stored.map(drop).map_err(StorageError::object("store", &key))
            }
        }
    }
}
