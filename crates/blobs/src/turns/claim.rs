//! One request at a time.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::OwnedMutexGuard;

use super::Slot;
use crate::UploadError;

/// The right to change an upload.
pub(crate) struct Claim<P> {
    pub(crate) turn: Turn<P>,
    /// Given up when the last byte is written, which may be after the request that sent it has gone.
    pub(crate) progress: OwnedMutexGuard<Option<P>>,
}

/// A request is at it, until this is dropped.
pub(crate) struct Turn<P>(Arc<Slot<P>>);

impl<P> Turn<P> {
    fn take(slot: Arc<Slot<P>>) -> Option<Self> {
        if slot.is_taken.swap(true, Ordering::AcqRel) { None } else { Some(Self(slot)) }
    }

    pub(crate) fn slot(&self) -> &Slot<P> {
        &self.0
    }
}

impl<P> Drop for Turn<P> {
    fn drop(&mut self) {
        self.0.is_taken.store(false, Ordering::Release);
    }
}

impl<P> Claim<P> {
    /// For who does not wait: not if anybody else is at it.
    pub(crate) fn now(slot: Arc<Slot<P>>) -> Option<Self> {
        let turn = Turn::take(slot)?;
        let progress = Arc::clone(&turn.0.progress).try_lock_owned().ok()?;
        Some(Self { turn, progress })
    }

    /// Refuses if another request is at it, but waits for what one that broke off has left to be written: its sender comes back at
    /// once and is to be told the right offset.
    pub(crate) async fn of(slot: Arc<Slot<P>>) -> Result<Self, UploadError> {
        let turn = Turn::take(slot).ok_or(UploadError::Busy)?;
        let progress = Arc::clone(&turn.0.progress).lock_owned().await;
        Ok(Self { turn, progress })
    }
}
