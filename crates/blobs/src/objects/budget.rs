//! Memory that all uploads share.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Counted in KiB.
pub(super) struct Budget(Arc<Semaphore>);

/// Some of it. It comes back when this is dropped.
pub(super) struct Memory {
    _permit: OwnedSemaphorePermit,
}

impl Budget {
    pub(super) fn new(bytes: u32) -> Self {
        Self(Arc::new(Semaphore::new((bytes >> 10) as usize)))
    }

    /// If there is as much now, and nobody else waits for it.
    pub(super) fn try_take(&self, bytes: usize) -> Option<Memory> {
        let permit = Arc::clone(&self.0).try_acquire_many_owned(kibibytes(bytes)).ok()?;
        Some(Memory { _permit: permit })
    }

    /// When there is as much, whoever came first being first. `None` never comes: the budget is not closed.
    pub(super) async fn take(&self, bytes: usize) -> Option<Memory> {
        let permit = Arc::clone(&self.0).acquire_many_owned(kibibytes(bytes)).await.ok()?;
        Some(Memory { _permit: permit })
    }

    /// Whether somebody who needs as much has to wait.
    pub(super) fn is_short_of(&self, bytes: usize) -> bool {
        self.0.available_permits() < kibibytes(bytes) as usize
    }
}

fn kibibytes(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
}
