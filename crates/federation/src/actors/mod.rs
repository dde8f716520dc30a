//! People of other servers: found, kept, brought up to date, and their keys (spec/social.md §4.2, §4.8, §4.12).

mod find;
mod key;
mod known;
mod profile;

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use store::Database;
use tokio::sync::Mutex;

use crate::fetch::Fetcher;
use crate::names::Names;

pub(crate) use self::key::{KeyOwner, Unknown};
pub(crate) use self::known::{known, known_id};
pub(crate) use self::profile::intern;

/// After this a description is fetched anew when it is used, in microseconds.
pub(crate) const FRESH: i64 = 24 * 3_600_000_000;

/// Keys that are kept taken apart, how long, and how long one that cannot be had is not asked for again.
const KEYS: u64 = 50_000;
const KEY_KEPT: Duration = Duration::from_hours(24);
const KEY_MISSED: Duration = Duration::from_mins(5);

/// Everybody elsewhere. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Actors(Arc<Inner>);

struct Inner {
    state: Database,
    fetcher: Fetcher,
    names: Names,
    keys: Cache<String, Arc<KeyOwner>>,
    missed: Cache<String, Unknown>,
    /// Who fetches a key; others wait for what they find.
    turns: Cache<String, Arc<Mutex<()>>>,
}

impl Actors {
    pub(crate) fn new(state: Database, fetcher: Fetcher, names: Names) -> Self {
        Self(Arc::new(Inner {
            state,
            fetcher,
            names,
            keys: Cache::builder().max_capacity(KEYS).time_to_live(KEY_KEPT).build(),
            turns: Cache::builder().max_capacity(KEYS).time_to_idle(KEY_MISSED).build(),
            missed: Cache::builder().max_capacity(KEYS).time_to_live(KEY_MISSED).build(),
        }))
    }

    pub(crate) fn fetcher(&self) -> &Fetcher {
        &self.0.fetcher
    }

    pub(crate) fn state(&self) -> &Database {
        &self.0.state
    }
}
