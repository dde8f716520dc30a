//! One after the other, where two changes of one owner's records depend on what the other does: a tag must not be given to a manifest
//! that is being deleted.

use std::hash::{DefaultHasher, Hash, Hasher};

use atproto::Did;
use tokio::sync::{Mutex, MutexGuard};

/// More than changes that are made at once; two owners who share a lock wait for each other, and that is all.
const LOCKS: usize = 256;

/// The locks of all owners.
pub(crate) struct Turns(Box<[Mutex<()>]>);

impl Turns {
    pub(crate) fn new() -> Self {
        Self((0..LOCKS).map(|_| Mutex::default()).collect())
    }

    /// Waits until nobody else in this process changes anything of this owner's.
    pub(crate) async fn of(&self, owner: &Did) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        owner.as_str().hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % LOCKS as u64).unwrap_or_default();
        self.0[place].lock().await
    }
}
