//! The handle everything else holds.

use std::time::Duration;

use metrics::describe_counter;
use store::{Database, Store};

/// How long a question may take unless somebody says otherwise.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Answers questions about the record index. Cheap to clone.
#[derive(Clone)]
pub struct Find {
    pub(crate) index: Database,
    pub(crate) time_limit: Duration,
    pub(crate) indexed_from: Option<i64>,
}

impl Find {
    /// The index of a store that was opened with the schemas of the crate `records` and [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn new(store: &Store) -> Self {
        describe_counter!("find_stopped_total", "Queries that looked at records until their time was over");
        Self { index: store.index.clone(), time_limit: TIME_LIMIT, indexed_from: None }
    }

    /// Questions that take longer than this fail with [`Error::TimeLimit`](crate::Error::TimeLimit).
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// A field that is searched gets an index, if its collection has so many records or more. Ten thousand are looked at
    /// in some ten milliseconds; an index makes every write of its collection a little slower.
    #[must_use]
    pub fn with_search_indexes(mut self, from: i64) -> Self {
        self.indexed_from = Some(from);
        self
    }
}
