//! Bytes in a folder, each under the address of its content (spec/registry.md §4.6).
//!
//! What comes is written to a file of its own below `uploads` and hashed on the way. Only when the hash is what the sender says does
//! the file get the name that the hash gives it below `blobs`, in one step. So whatever ends the server, a blob is there as a whole or
//! not at all, and what remains of an upload can be gone on with. Paths are made of digests and ids only, which have one form.
//!
//! Files are read and written where waiting is allowed. Only what the kernel has in memory is read at once: handing that to
//! another thread would cost more than it does. One process has the folder to itself.

mod blob;
mod buffers;
mod durability;
mod layout;
mod lookup;
mod open;
mod remove;
mod stream;
mod uploads;
mod walk;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use blob::FileBlob;
pub use durability::Fsync;
pub(crate) use stream::FileChunks;

use buffers::Buffers;
use layout::Layout;
use uploads::Progress;

use crate::turns::{Claim, Table};
use crate::{StorageError, UploadError};

use oci::{Digest, UploadId};

/// Cheap to clone.
#[derive(Clone)]
pub struct Folder(Arc<Inner>);

struct Inner {
    layout: Layout,
    fsync: Fsync,
    uploads: Table<Progress>,
    buffers: Arc<Buffers>,
    /// One for each first byte of a hash: whoever puts a blob in its place or removes one is alone there.
    places: Box<[Mutex<()>]>,
}

impl Inner {
    fn alone(&self, digest: &Digest) -> MutexGuard<'_, ()> {
        let place = &self.places[usize::from(digest.as_bytes()[0])];
        place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folder {
    async fn claim(&self, id: UploadId) -> Result<Claim<Progress>, UploadError> {
        Claim::of(self.0.uploads.get(id).ok_or(UploadError::Unknown)?).await
    }

    /// Does what may wait for the disk where that harms nobody. It is done also if nobody waits for it any more.
    async fn work<T, E>(&self, work: impl FnOnce(&Inner) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(outcome) => outcome,
            Err(ended) => Err(StorageError::ended(ended).into()),
        }
    }
}
