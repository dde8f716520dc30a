//! The uploads that this process knows of.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oci::{Algorithm, UploadId};
use tokio::sync::Mutex as TurnMutex;

use crate::sender::{MOST_OF_ONE, Sender};

/// Uploads that are open at once, a few more if they are begun at the same moment. Each is some hundred bytes in memory.
pub(crate) const MOST: usize = 10_000;

/// An upload in memory.
pub(crate) struct Slot<P> {
    /// What the sender is expected to say in the end.
    pub(crate) algorithm: Algorithm,
    /// Whether a request is at it.
    pub(super) is_taken: AtomicBool,
    /// Unknown if what is there was not read by this process, or if something went wrong.
    pub(super) progress: Arc<TurnMutex<Option<P>>>,
}

impl<P> Slot<P> {
    pub(crate) fn new(algorithm: Algorithm, progress: Option<P>) -> Arc<Self> {
        let progress = Arc::new(TurnMutex::new(progress));
        Arc::new(Self { algorithm, is_taken: AtomicBool::new(false), progress })
    }
}

/// Uploads by name.
pub(crate) struct Table<P>(Mutex<HashMap<UploadId, Arc<Slot<P>>>>);

impl<P> Default for Table<P> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P> Table<P> {
    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Slot<P>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this sender may begin no other.
    pub(crate) fn is_full(&self, sender: Option<Sender>) -> bool {
        let uploads = self.lock();
        let of = |sender: Sender| uploads.keys().filter(|id| sender.has(**id)).count();
        // Of fewer nobody has too many.
        uploads.len() >= MOST
            || uploads.len() >= MOST_OF_ONE && sender.is_some_and(|sender| of(sender) >= MOST_OF_ONE)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    pub(crate) fn insert(&self, id: UploadId, slot: Arc<Slot<P>>) {
        self.lock().insert(id, slot);
    }

    /// The one that is known, or else this.
    pub(crate) fn get_or(&self, id: UploadId, slot: Arc<Slot<P>>) -> Arc<Slot<P>> {
        Arc::clone(self.lock().entry(id).or_insert(slot))
    }

    pub(crate) fn get(&self, id: UploadId) -> Option<Arc<Slot<P>>> {
        self.lock().get(&id).cloned()
    }

    pub(crate) fn remove(&self, id: UploadId) {
        self.lock().remove(&id);
    }

    pub(crate) fn ids(&self) -> Vec<UploadId> {
        self.lock().keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sender::new_id;

    #[test]
    fn has_an_end() {
        let table = Table::<()>::default();
        for number in 0..MOST {
            assert!(!table.is_full(None));
            table.insert(UploadId::from((number as u128).to_be_bytes()), Slot::new(Algorithm::Sha256, None));
        }
        assert!(table.is_full(None));
        table.remove(table.ids()[0]);
        assert!(!table.is_full(None));
    }

    #[test]
    fn nobody_fills_it_alone() {
        let (table, one, other) = (Table::<()>::default(), Sender([1; 4]), Sender([2; 4]));
        let begin = |sender| table.insert(new_id(Some(sender)), Slot::new(Algorithm::Sha256, None));
        begin(other);
        for _ in 0..MOST_OF_ONE {
            assert!(!table.is_full(Some(one)));
            begin(one);
        }
        assert!(table.is_full(Some(one)));
        assert!(!table.is_full(Some(other)) && !table.is_full(None));
        let of_one = table.ids().into_iter().find(|id| one.has(*id)).unwrap();
        table.remove(of_one);
        assert!(!table.is_full(Some(one)));
    }
}
