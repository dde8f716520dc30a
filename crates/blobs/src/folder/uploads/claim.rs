//! One request at a time.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use oci::UploadId;
use tokio::sync::OwnedMutexGuard;

use super::UploadError;
use super::progress::Progress;
use super::table::Slot;
use crate::folder::Folder;

/// The right to change an upload.
pub(super) struct Claim {
    pub(super) turn: Turn,
    /// Given up when the last byte is written, which may be after the request that sent it has gone.
    pub(super) progress: OwnedMutexGuard<Option<Progress>>,
}

/// A request is at it, until this is dropped.
pub(super) struct Turn(pub(super) Arc<Slot>);

impl Turn {
    fn take(slot: Arc<Slot>) -> Option<Self> {
        if slot.is_taken.swap(true, Ordering::AcqRel) { None } else { Some(Self(slot)) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.is_taken.store(false, Ordering::Release);
    }
}

impl Claim {
    /// For who does not wait: not if anybody else is at it.
    pub(super) fn now(slot: Arc<Slot>) -> Option<Self> {
        let turn = Turn::take(slot)?;
        let progress = Arc::clone(&turn.0.progress).try_lock_owned().ok()?;
        Some(Self { turn, progress })
    }
}

impl Folder {
    /// Refuses if another request is at it, but waits for what one that broke off has left to be written: its sender comes back at
    /// once and is to be told the right offset.
    pub(super) async fn claim(&self, id: UploadId) -> Result<Claim, UploadError> {
        let slot = self.0.uploads.get(id).ok_or(UploadError::Unknown)?;
        let turn = Turn::take(slot).ok_or(UploadError::Busy)?;
        let progress = Arc::clone(&turn.0.progress).lock_owned().await;
        Ok(Claim { turn, progress })
    }
}
