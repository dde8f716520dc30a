//! The uploads that there are.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oci::{Algorithm, UploadId};
use tokio::sync::Mutex as TurnMutex;

use super::progress::Progress;
use crate::StorageError;

/// Uploads that are open at once, a few more if they are begun at the same moment. Each is a file, and some hundred bytes in memory.
const MOST: usize = 10_000;

/// An upload in memory.
pub(super) struct Slot {
    /// What the sender is expected to say in the end.
    pub(super) algorithm: Algorithm,
    /// Whether a request is at it.
    pub(super) is_taken: AtomicBool,
    /// Unknown if the file was not read since it was found, or if something went wrong.
    pub(super) progress: Arc<TurnMutex<Option<Progress>>>,
}

impl Slot {
    pub(super) fn new(algorithm: Algorithm, progress: Option<Progress>) -> Arc<Self> {
        let progress = Arc::new(TurnMutex::new(progress));
        Arc::new(Self { algorithm, is_taken: AtomicBool::new(false), progress })
    }
}

/// An upload that is not in here is unknown: whoever guesses costs no look at the disk.
#[derive(Default)]
pub(in crate::folder) struct Table(Mutex<HashMap<UploadId, Arc<Slot>>>);

impl Table {
    /// Those that an earlier process left. What else is in the folder is left alone.
    pub(in crate::folder) fn read(dir: &Path) -> Result<Self, StorageError> {
        let table = Self::default();
        for file in fs::read_dir(dir).map_err(StorageError::at("list", dir))? {
            let name = file.map_err(StorageError::at("list", dir))?.file_name();
            if let Some(id) = name.to_str().and_then(|name| name.parse().ok()) {
                table.insert(id, Slot::new(Algorithm::Sha256, None));
            }
        }
        Ok(table)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Slot>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_full(&self) -> bool {
        self.lock().len() >= MOST
    }

    pub(super) fn insert(&self, id: UploadId, slot: Arc<Slot>) {
        self.lock().insert(id, slot);
    }

    pub(super) fn get(&self, id: UploadId) -> Option<Arc<Slot>> {
        self.lock().get(&id).cloned()
    }

    pub(super) fn remove(&self, id: UploadId) {
        self.lock().remove(&id);
    }

    pub(super) fn ids(&self) -> Vec<UploadId> {
        self.lock().keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_an_end() {
        let table = Table::default();
        for number in 0..MOST {
            assert!(!table.is_full());
            table.insert(UploadId::from((number as u128).to_be_bytes()), Slot::new(Algorithm::Sha256, None));
        }
        assert!(table.is_full());
        table.remove(table.ids()[0]);
        assert!(!table.is_full());
    }
}
