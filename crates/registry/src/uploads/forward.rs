//! Handing a blob on to somebody else's hold.
//!
//! It was staged where blobs of our own hold are, and hashed on the way, so it becomes one of those for a moment: one that no image and no
//! link needs, which garbage collection would take if the server ended now. When the other hold has it, it goes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use atproto::Did;
use oci::{Digest, ErrorCode};

use super::Upload;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// What is being handed on, and by how many.
#[derive(Default)]
pub(crate) struct Staged(Mutex<HashMap<Digest, usize>>);

/// One of those.
struct Turn<'s> {
    staged: &'s Staged,
    digest: Digest,
}

impl Staged {
    fn enter(&self, digest: &Digest) -> Turn<'_> {
        *self.count().entry(*digest).or_default() += 1;
        Turn { staged: self, digest: *digest }
    }

    fn count(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Whether nobody else is handing the same blob on.
    fn is_last(&self) -> bool {
        self.staged.count().get(&self.digest) == Some(&1)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut counts = self.staged.count();
        if let Some(count) = counts.get_mut(&self.digest) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.digest);
            }
        }
    }
}

/// Makes the upload a blob of this digest in that hold. Its size in bytes.
pub(super) async fn forward(upload: &Upload<'_>, hold: &Did, digest: &Digest) -> Result<u64, Refusal> {
    let registry = upload.registry;
    let turn = registry.staged.enter(digest);
    let was_here = registry.hold.blobs().head(digest).await?.is_some();
    let size = registry.hold.blobs().finish(upload.id, digest).await?;
    let since = SystemTime::now();
    let sent = send(registry, (&upload.repository.owner, hold), digest).await;
    if !was_here && turn.is_last() {
        drop_staged(registry, digest, since).await?;
    }
    sent.map(|()| size)
}

async fn send(registry: &Registry, (owner, hold): (&Did, &Did), digest: &Digest) -> Result<(), Refusal> {
    let blob = registry.hold.blobs().open(digest).await?.ok_or(ErrorCode::BlobUploadUnknown)?;
    match registry.holds.find(hold).await? {
        Some(found) => Ok(registry.holds.put(&found, owner, digest, &blob).await?),
        // It has moved into our own while this was sent: begun again, it goes there.
        None => Err(ErrorCode::BlobUploadUnknown.into()),
    }
}

/// What nobody else has sent, linked or needed since is not kept until garbage is collected.
async fn drop_staged(registry: &Registry, digest: &Digest, since: SystemTime) -> Result<(), Refusal> {
    if registry.links.has_here(digest).await? || registry.hold.needs(digest, None).await? {
        return Ok(());
    }
    registry.hold.blobs().sweep(digest, since).await?;
    Ok(())
}
