//! The feeds of this instance.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use store::Database;

use super::Feed;
use super::owed::Ledger;

/// Finds the feed of an account that has sockets here.
pub(crate) struct Hub {
    state: Database,
    /// A feed lives as long as a socket holds it.
    feeds: Mutex<HashMap<Arc<str>, Weak<Feed>>>,
    pub(crate) ledger: Ledger,
}

impl Hub {
    pub(crate) fn new(state: Database) -> Self {
        Self { state, feeds: Mutex::default(), ledger: Ledger::default() }
    }

    /// The account's feed, if it has sockets here.
    pub(crate) fn find(&self, account: &str) -> Option<Arc<Feed>> {
        self.feeds().get(account)?.upgrade()
    }

    /// The account's feed, for a socket that will join it.
    pub(crate) fn open(&self, account: &Arc<str>) -> Arc<Feed> {
        let mut feeds = self.feeds();
        if let Some(feed) = feeds.get(account).and_then(Weak::upgrade) {
            return feed;
        }
        // Those that nobody holds are gone; their names go when there are twice as many as needed.
        if feeds.len() == feeds.capacity() {
            feeds.retain(|_, feed| feed.strong_count() > 0);
        }
        let feed = Arc::new(Feed::new(account.clone(), self.state.clone()));
        feeds.insert(account.clone(), Arc::downgrade(&feed));
        feed
    }

    /// Every feed.
    pub(crate) fn all(&self) -> Vec<Arc<Feed>> {
        self.feeds().values().filter_map(Weak::upgrade).collect()
    }

    fn feeds(&self) -> MutexGuard<'_, HashMap<Arc<str>, Weak<Feed>>> {
        // No code under the lock panics half-way through a change.
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
