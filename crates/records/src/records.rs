//! The handle everything else holds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atproto::Nsid;
use store::{Database, Store};
use tokio::sync::watch;

use crate::write::Saved;
use crate::{IngestHook, Projection};

/// The record index. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    pub(crate) index: Database,
    pub(crate) state: Database,
    pub(crate) projections: Arc<[Arc<dyn Projection>]>,
    /// Those of the ingest.
    hooks: Arc<Mutex<Vec<Arc<dyn IngestHook>>>>,
    committed: Arc<watch::Sender<i64>>,
    pub(crate) saved: Saved,
}

impl Records {
    /// The index of a store that was opened with [`SCHEMAS`](crate::SCHEMAS), and the projections that its writes keep
    /// in step. Every process that writes must name the same projections.
    #[must_use]
    pub fn new(store: &Store, projections: Vec<Arc<dyn Projection>>) -> Self {
        Self {
            index: store.index.clone(),
            state: store.state.clone(),
            projections: projections.into(),
            hooks: Arc::default(),
            committed: Arc::new(watch::Sender::new(0)),
            saved: Saved::default(),
        }
    }

    /// Changes whenever a transaction of this process has added to the log; the value is the log's last number. It
    /// only wakes: what happened is read with [`changes`](Self::changes).
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<i64> {
        self.committed.subscribe()
    }

    /// Says who decides what the stream brings.
    pub(crate) fn decided_by(&self, hooks: &[Arc<dyn IngestHook>]) {
        self.hooks().extend_from_slice(hooks);
    }

    /// Whether somebody decides what is stored of this collection.
    pub(crate) fn is_decided(&self, collection: &Nsid) -> bool {
        self.hooks().iter().any(|hook| hook.wants(collection))
    }

    /// Those who decide what is stored of this collection.
    pub(crate) fn hooks_of(&self, collection: &Nsid) -> Vec<Arc<dyn IngestHook>> {
        self.hooks().iter().filter(|hook| hook.wants(collection)).cloned().collect()
    }

    fn hooks(&self) -> MutexGuard<'_, Vec<Arc<dyn IngestHook>>> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn announce(&self, last_seq: i64) {
        self.committed.send_if_modified(|known| {
            let newer = last_seq > *known;
            *known = last_seq.max(*known);
            newer
        });
    }
}
