//! The calls of this instance that others answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// How far a call has come; both are cancelled when it has.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    /// Another instance makes it.
    pub(crate) claimed: CancellationToken,
    /// Its result is in the cache.
    pub(super) answered: CancellationToken,
}

/// Calls by their id, as long as they are waited for.
#[derive(Default)]
pub(crate) struct Calls(Mutex<HashMap<String, Progress>>);

impl Calls {
    /// A new call, for as long as what is returned lives.
    pub(crate) fn begin(self: &Arc<Self>) -> Pending {
        let (id, progress) = (format!("{:032x}", rand::random::<u128>()), Progress::default());
        self.calls().insert(id.clone(), progress.clone());
        Pending { id, progress, calls: self.clone() }
    }

    pub(crate) fn claimed(&self, id: &str) {
        if let Some(progress) = self.calls().get(id) {
            progress.claimed.cancel();
        }
    }

    pub(crate) fn answered(&self, id: &str) {
        if let Some(progress) = self.calls().get(id) {
            progress.claimed.cancel();
            progress.answered.cancel();
        }
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<String, Progress>> {
        // No code under the lock panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is waited for.
pub(crate) struct Pending {
    pub(crate) id: String,
    pub(crate) progress: Progress,
    calls: Arc<Calls>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.calls.calls().remove(&self.id);
    }
}
