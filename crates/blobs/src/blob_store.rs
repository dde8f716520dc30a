//! Where the blobs of a registry are.

use std::error::Error;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use oci::{Algorithm, Digest, UploadId};
use url::Url;

use crate::{Blob, Entry, Folder, Objects, Sender, StorageError, UploadError, Wanted};

/// The same of either (spec/registry.md §4.6). Cheap to clone.
#[derive(Clone)]
pub enum BlobStore {
    /// In a folder of this machine.
    Folder(Folder),
    /// In a bucket that speaks S3.
    Objects(Objects),
}

/// Hands a call on to whichever it is.
macro_rules! either {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Self::Folder($store) => $call,
            Self::Objects($store) => $call,
        }
    };
}

impl BlobStore {
    /// The size of a blob in bytes, if it is there.
    pub async fn head(&self, digest: &Digest) -> Result<Option<u64>, StorageError> {
        either!(self, store => store.head(digest).await)
    }

    /// A blob to be read, if it is there.
    pub async fn open(&self, digest: &Digest) -> Result<Option<Blob>, StorageError> {
        either!(self, store => store.open_blob(digest).await)
    }

    /// A URL by which whoever has it reads a blob (ranges of it too) or looks at it, for a while: none if it has to come from here.
    /// Whether the blob is there is not asked.
    pub async fn presign(
        &self,
        digest: &Digest,
        wanted: Wanted,
        valid_for: Duration,
    ) -> Result<Option<Url>, StorageError> {
        match self {
            Self::Folder(_) => Ok(None),
            Self::Objects(objects) => objects.presign(digest, wanted, valid_for).await.map(Some),
        }
    }

    /// Begins an upload. The algorithm is that of the digest that is expected at its end; with another, all is read once more.
    pub async fn start(&self, algorithm: Algorithm) -> Result<UploadId, UploadError> {
        either!(self, store => store.start(algorithm, None).await)
    }

    /// The same for somebody who may have a thousand open at once, so that nobody has all there may be.
    pub async fn start_for(&self, algorithm: Algorithm, sender: Sender) -> Result<UploadId, UploadError> {
        either!(self, store => store.start(algorithm, Some(sender)).await)
    }

    /// How many uploads are open.
    pub async fn open_uploads(&self) -> Result<u64, StorageError> {
        match self {
            Self::Folder(folder) => Ok(folder.open_uploads()),
            Self::Objects(objects) => objects.open_uploads().await,
        }
    }

    /// How many bytes of an upload are kept, whatever happens next.
    pub async fn offset(&self, id: UploadId) -> Result<u64, UploadError> {
        either!(self, store => store.offset(id).await)
    }

    /// Appends a body to an upload and says how many bytes there are then.
    ///
    /// `at` is where the sender believes that the upload ends, if it said so; `limit` is what the whole upload may have, in bytes.
    /// The body is read no faster than it is taken. If it breaks off, or the caller is dropped, what came is kept.
    pub async fn append<S, E>(
        &self,
        id: UploadId,
        at: Option<u64>,
        body: S,
        limit: u64,
    ) -> Result<u64, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        either!(self, store => store.append(id, at, limit, body).await)
    }

    /// [Appends](Self::append) the last of an upload and [finishes](Self::finish) it. An upload of which nothing but this is sent is saved
    /// once.
    pub async fn complete<S, E>(
        &self,
        id: UploadId,
        at: Option<u64>,
        body: S,
        limit: u64,
        digest: &Digest,
    ) -> Result<u64, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        match self {
            Self::Folder(folder) => folder.complete(id, at, limit, body, digest).await,
            Self::Objects(objects) => {
                objects.append(id, at, limit, body).await?;
                objects.finish(id, digest).await
            }
        }
    }

    /// Makes an upload the blob that it is said to be, and says its size in bytes. If its content has another digest, it is dropped.
    /// A blob that is there already stays, and counts as sent now.
    pub async fn finish(&self, id: UploadId, digest: &Digest) -> Result<u64, UploadError> {
        either!(self, store => store.finish(id, digest).await)
    }

    /// Drops an upload.
    pub async fn cancel(&self, id: UploadId) -> Result<(), UploadError> {
        either!(self, store => store.cancel(id).await)
    }

    /// Says that a blob is about to be referred to, so that [`BlobStore::sweep`] leaves it alone: for who links to what is there
    /// without sending it again. Whether it is there.
    pub async fn touch(&self, digest: &Digest) -> Result<bool, StorageError> {
        either!(self, store => store.touch(digest).await)
    }

    /// Removes a blob that nobody has sent or touched since `before`: what was looked for references before may have got one since.
    /// The bytes that this freed, if it did.
    pub async fn sweep(&self, digest: &Digest, before: SystemTime) -> Result<Option<u64>, StorageError> {
        either!(self, store => store.sweep(digest, before).await)
    }

    /// Removes a blob. Whether it was there.
    pub async fn delete(&self, digest: &Digest) -> Result<bool, StorageError> {
        either!(self, store => store.delete(digest).await)
    }

    /// Pages of at most a thousand blobs, none of them empty. What comes or goes meanwhile may be among them or not. What is
    /// no blob is passed over.
    #[must_use]
    pub fn list(&self) -> BoxStream<'static, Result<Vec<Entry>, StorageError>> {
        either!(self, store => store.list().boxed())
    }

    /// Drops the uploads to which nothing was written for longer than `idle`, and says how many. One that a request is at stays. Of
    /// a bucket, what uploads left behind that nobody knows of any more goes too: to be called when the server starts as well.
    pub async fn expire(&self, idle: Duration) -> Result<usize, StorageError> {
        either!(self, store => store.expire(idle).await)
    }
}
