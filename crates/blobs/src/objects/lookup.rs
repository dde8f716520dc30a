//! Finding blobs.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{ObjectMeta, ObjectStoreExt};
use oci::Digest;
use url::Url;

use super::{Inner, ObjectBlob, Objects, keys, marks};
use crate::{Blob, StorageError};

/// What a signed URL is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Reading, all or a range.
    Get,
    /// Learning the size.
    Head,
}

impl Inner {
    /// What is said of an object, if it is there.
    pub(super) async fn found(&self, key: &Path) -> Result<Option<ObjectMeta>, StorageError> {
        match self.store.head(key).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(StorageError::object("look at", key)(error)),
        }
    }
}

impl Objects {
    /// The size of a blob in bytes, if it is there.
    pub async fn head(&self, digest: &Digest) -> Result<Option<u64>, StorageError> {
        Ok(self.0.found(&keys::blob(digest)).await?.map(|found| found.size))
    }

    /// A blob to be read, if it is there.
    pub async fn open_blob(&self, digest: &Digest) -> Result<Option<Blob>, StorageError> {
        let key = keys::blob(digest);
        let Some(found) = self.0.found(&key).await? else { return Ok(None) };
        Ok(Some(ObjectBlob { store: Arc::clone(&self.0.store), key, size: found.size }.into()))
    }

    /// A URL by which whoever has it reads a blob (ranges of it too) or looks at it, for a while. Whether it is there is not asked.
    pub async fn presign(
        &self,
        digest: &Digest,
        wanted: Wanted,
        valid_for: Duration,
    ) -> Result<Url, StorageError> {
        let (key, method) = match wanted {
            Wanted::Get => (keys::blob(digest), Method::GET),
            Wanted::Head => (keys::blob(digest), Method::HEAD),
        };
        let signed = self.0.store.signed_url(method, &key, valid_for).await;
        signed.map_err(StorageError::object("sign a URL of", &key))
    }

    /// Says that a blob is about to be referred to, so that [`Objects::sweep`] leaves it alone: for who links to what is there
    /// without sending it again. Whether it is there.
    pub async fn touch(&self, digest: &Digest) -> Result<bool, StorageError> {
        let key = keys::blob(digest);
        // Whoever guesses makes no row.
        if self.0.found(&key).await?.is_none() {
            return Ok(false);
        }
        let noted = marks::touch(&self.0.database, digest).await?;
        let is_there = self.0.found(&key).await?.is_some();
        if !is_there {
            marks::forget(&self.0.database, digest, noted).await?;
        }
        Ok(is_there)
    }
}
