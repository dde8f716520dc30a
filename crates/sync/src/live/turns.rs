//! One writer at a time for each account, where the database would make them collide.

use std::hash::{BuildHasher, RandomState};

use tokio::sync::{Mutex, MutexGuard};

/// Accounts share locks; more than enough for the connections there are.
const LOCKS: usize = 256;

/// Transactions of one account write the same counter. On PostgreSQL those that overlap are repeated, which costs more
/// than to wait; only transactions of different instances still collide.
pub(super) struct Turns {
    locks: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { locks: (0..LOCKS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    pub(super) async fn take(&self, account: &str) -> MutexGuard<'_, ()> {
        let hash = usize::try_from(self.hasher.hash_one(account) % 256).unwrap_or_default();
        self.locks[hash].lock().await
    }
}
