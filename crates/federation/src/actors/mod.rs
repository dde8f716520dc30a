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

use crate::bounds::Bounds;
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

/// The same of one whose server has not answered, which may be well again soon.
const KEY_SILENT: Duration = Duration::from_secs(30);

/// Everybody elsewhere. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Actors(Arc<Inner>);

struct Inner {
    state: Database,
    fetcher: Fetcher,
    names: Names,
    keys: Cache<String, Arc<KeyOwner>>,
    /// Keys that are none, and those that could not be asked for just now.
    missed: Cache<String, Unknown>,
    silent: Cache<String, Unknown>,
    bounds: Arc<Bounds>,
    /// Who fetches a key; others wait for what they find.
    turns: Cache<String, Arc<Mutex<()>>>,
}

impl Actors {
    /// Time passes `scale` times as fast as usual.
    pub(crate) fn new(
        (state, fetcher, names): (Database, Fetcher, Names),
        bounds: Arc<Bounds>,
        scale: u32,
    ) -> Self {
        let silent = KEY_SILENT / scale.max(1);
        Self(Arc::new(Inner {
            state,
            fetcher,
            names,
            keys: Cache::builder().max_capacity(KEYS).time_to_live(KEY_KEPT).build(),
            turns: Cache::builder().max_capacity(KEYS).time_to_idle(KEY_MISSED).build(),
            missed: Cache::builder().max_capacity(KEYS).time_to_live(KEY_MISSED).build(),
            silent: Cache::builder().max_capacity(KEYS).time_to_live(silent).build(),
            bounds,
        }))
    }

    pub(crate) fn fetcher(&self) -> &Fetcher {
        &self.0.fetcher
    }

    pub(crate) fn state(&self) -> &Database {
        &self.0.state
    }
}
