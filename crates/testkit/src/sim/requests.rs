//! Who was asked what, how often.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use super::Place;

/// The requests that reached the servers of a network, answered or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// How often, by server and method. A method is an NSID (`com.atproto.repo.listRecords`); at the directory of identities
    /// `did`.
    pub counts: BTreeMap<(Place, String), u64>,
    /// The most requests that a server had at the same time.
    pub peaks: BTreeMap<Place, usize>,
}

impl Requests {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Those to one server.
    pub fn at(&self, place: impl Into<Place>) -> u64 {
        let place = place.into();
        self.counts.iter().filter(|((at, _), _)| *at == place).map(|(_, count)| count).sum()
    }

    /// Those for one method, at all servers.
    #[must_use]
    pub fn of(&self, method: &str) -> u64 {
        self.counts.iter().filter(|((_, of), _)| of == method).map(|(_, count)| count).sum()
    }

    /// Those for one method at one server.
    pub fn of_at(&self, method: &str, place: impl Into<Place>) -> u64 {
        self.counts.get(&(place.into(), method.to_owned())).copied().unwrap_or_default()
    }

    /// The most requests that a server had at the same time.
    pub fn peak(&self, place: impl Into<Place>) -> usize {
        self.peaks.get(&place.into()).copied().unwrap_or_default()
    }
}

/// Counts the requests to one server.
#[derive(Default)]
pub(super) struct Counter(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    by_method: BTreeMap<String, u64>,
    now: usize,
    peak: usize,
}

/// A request under way.
pub(super) struct UnderWay<'c>(&'c Counter);

impl Counter {
    /// Counts a request, which is under way until what is returned is dropped.
    pub(super) fn enter(&self, method: &str) -> UnderWay<'_> {
        let mut counts = self.counts();
        *counts.by_method.entry(method.to_owned()).or_default() += 1;
        counts.now += 1;
        counts.peak = counts.peak.max(counts.now);
        UnderWay(self)
    }

    pub(super) fn count_into(&self, place: Place, requests: &mut Requests) {
        let counts = self.counts();
        for (method, count) in &counts.by_method {
            requests.counts.insert((place, method.clone()), *count);
        }
        requests.peaks.insert(place, counts.peak);
    }

    pub(super) fn forget(&self) {
        let mut counts = self.counts();
        counts.by_method.clear();
        counts.peak = counts.now;
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().expect("no panic while it was held")
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.counts().now -= 1;
    }
}
