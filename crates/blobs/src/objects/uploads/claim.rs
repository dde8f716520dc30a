//! One request at a time, among those of this process and all others.

use oci::UploadId;
use tokio::sync::OwnedMutexGuard;

use super::Progress;
use super::lease::Lease;
use super::rows::{self, Upload};
use crate::UploadError;
use crate::objects::{Inner, Objects};
use crate::turns::{Claim, Slot, Turn};

/// An upload that nobody else changes.
pub(super) struct Held {
    pub(super) id: UploadId,
    pub(super) upload: Upload,
    pub(super) lease: Lease,
}

impl Objects {
    /// The turn is for the request, the rest for who does its work, also when it has gone.
    pub(super) async fn claim(&self, id: UploadId) -> Result<(Turn<Progress>, Held), UploadError> {
        let slot = match self.0.uploads.get(id) {
            Some(slot) => slot,
            // Another process began it.
            None => {
                let found = rows::get(&self.0.database, id).await?;
                self.0.uploads.get_or(id, Slot::new(found.algorithm, None))
            }
        };
        let Claim { turn, progress } = Claim::of(slot).await?;
        let held = self.work(move |objects| async move { objects.0.hold(id, progress).await }).await?;
        Ok((turn, held))
    }
}

impl Inner {
    pub(super) async fn hold(
        &self,
        id: UploadId,
        progress: OwnedMutexGuard<Option<Progress>>,
    ) -> Result<Held, UploadError> {
        let taken = Lease::take(&self.database, id, progress).await;
        if matches!(taken, Err(UploadError::Unknown)) {
            self.uploads.remove(id);
        }
        let (lease, upload) = taken?;
        Ok(Held { id, upload, lease })
    }
}
