//! Which collections the stream is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use atproto::Nsid;
use tokio::sync::watch;

/// What one app wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Collections whose records are stored.
    pub index: BTreeSet<Nsid>,
    /// Collections shown to hooks; nothing of them is stored unless they are indexed too.
    pub watch: BTreeSet<Nsid>,
}

impl Interest {
    /// Every collection the stream must send.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &Nsid> {
        self.index.union(&self.watch)
    }

    pub(crate) fn contains(&self, collection: &Nsid) -> bool {
        self.index.contains(collection) || self.watch.contains(collection)
    }
}

/// The interests of all apps together. Changing them while the stream is followed takes effect at once. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Wanted(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    owners: Mutex<BTreeMap<&'static str, Interest>>,
    all: watch::Sender<Arc<Interest>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self { owners: Mutex::default(), all: watch::Sender::new(Arc::default()) }
    }
}

impl Wanted {
    /// Replaces what `owner` wants.
    pub fn set(&self, owner: &'static str, interest: Interest) {
        let mut owners = self.0.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.insert(owner, interest);
        let mut all = Interest::default();
        for interest in owners.values() {
            all.index.extend(interest.index.iter().cloned());
            all.watch.extend(interest.watch.iter().cloned());
        }
        self.0.all.send_if_modified(|known| {
            let changed = **known != all;
            *known = Arc::new(all);
            changed
        });
    }

    /// The collections whose records are stored, for whomever.
    #[must_use]
    pub fn indexed(&self) -> BTreeSet<Nsid> {
        self.current().index.clone()
    }

    /// What everybody wants now.
    pub(crate) fn current(&self) -> Arc<Interest> {
        self.0.all.borrow().clone()
    }

    /// What everybody wants now, and a way to hear when that changes.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Arc<Interest>> {
        self.0.all.subscribe()
    }
}
