//! Which queries are slow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clock::now_micros;
use find::Explained;

use crate::telemetry;

/// From then on a query is slow.
const SLOW: Duration = Duration::from_millis(100);

/// The slowest that are remembered.
const KEPT: usize = 50;

/// Queries by NSID whose times are counted: more than there are lexicons with such parameters.
const MAX_QUERIES: usize = 1024;

/// What this process has seen. Nobody's values are in it: of a call only which way led to the answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlowQueries(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    slowest: Vec<Slow>,
    by_query: HashMap<String, Times>,
}

/// A call that was slow.
#[derive(Clone, Debug)]
pub(crate) struct Slow {
    pub(crate) nsid: String,
    pub(crate) took: Duration,
    /// Microseconds.
    pub(crate) at: i64,
    /// `None` where the time was over before the answer was found.
    pub(crate) explained: Option<Explained>,
}

/// How long the calls of a query took, all together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    pub(crate) calls: u64,
    pub(crate) slow: u64,
    pub(crate) total: Duration,
    pub(crate) longest: Duration,
}

impl SlowQueries {
    pub(crate) fn note(&self, nsid: &str, took: Duration, explained: Option<&Explained>) {
        metrics::histogram!(telemetry::QUERY_SECONDS, "nsid" => nsid.to_owned()).record(took);
        let is_slow = took >= SLOW || explained.is_none();
        if is_slow {
            metrics::counter!(telemetry::SLOW_QUERIES, "nsid" => nsid.to_owned()).increment(1);
            let access = explained.map_or("stopped", |explained| explained.access.as_str());
            tracing::info!(nsid, took_ms = took.as_millis(), access, "slow query");
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = seen.by_query.len() < MAX_QUERIES;
        if has_room || seen.by_query.contains_key(nsid) {
            let times = seen.by_query.entry(nsid.to_owned()).or_default();
            times.calls += 1;
            times.slow += u64::from(is_slow);
            times.total += took;
            times.longest = times.longest.max(took);
        }
        if is_slow {
            let slow = Slow { nsid: nsid.to_owned(), took, at: now_micros(), explained: explained.cloned() };
            seen.slowest.push(slow);
            seen.slowest.sort_by_key(|slow| std::cmp::Reverse(slow.took));
            seen.slowest.truncate(KEPT);
        }
    }

    /// The slowest calls, the slowest first.
    pub(crate) fn slowest(&self) -> Vec<Slow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).slowest.clone()
    }

    pub(crate) fn times(&self, nsid: &str) -> Times {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_query.get(nsid).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_slowest_are_kept() {
        let seen = SlowQueries::default();
        for millis in 0..500 {
            seen.note("com.example.list", Duration::from_millis(millis), None);
        }
        let slowest = seen.slowest();
        assert_eq!((slowest.len(), slowest[0].took), (KEPT, Duration::from_millis(499)));
        assert_eq!(slowest[KEPT - 1].took, Duration::from_millis(450));
        assert_eq!((seen.times("com.example.list").calls, seen.times("x").calls), (500, 0));
    }

    #[test]
    fn names_are_bounded() {
        let seen = SlowQueries::default();
        (0..2000).for_each(|number| seen.note(&format!("com.example.q{number}"), Duration::ZERO, None));
        assert_eq!(seen.0.lock().unwrap().by_query.len(), MAX_QUERIES);
    }
}
