//! How fast and how often at a time one host is sent to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Deliveries under way with one host.
const PARALLEL: usize = 4;

/// Hosts whose pace is remembered before those that are at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// What each host is being sent. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pace {
    /// Deliveries per second, and at once.
    rate: f64,
    hosts: Arc<Mutex<HashMap<String, Lane>>>,
}

struct Lane {
    under_way: usize,
    tokens: f64,
    since: Instant,
}

impl Pace {
    pub(super) fn new(rate: f64) -> Self {
        Self { rate: rate.max(0.1), hosts: Arc::default() }
    }

    /// Whether `further` more can be sent to a host beside what is.
    pub(super) fn has_room(&self, host: &str, further: usize) -> bool {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lane) = hosts.get_mut(host) else { return further < PARALLEL };
        lane.refill(self.rate);
        lane.under_way + further < PARALLEL && lane.tokens >= 1.0
    }

    /// Somebody begins to send to a host.
    pub(super) fn enter(&self, host: &str) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= REMEMBERED {
            let rate = self.rate;
            hosts.retain(|_, lane| {
                lane.refill(rate);
                lane.under_way > 0 || lane.tokens < rate.max(1.0)
            });
        }
        let rate = self.rate.max(1.0);
        let fresh = || Lane { under_way: 0, tokens: rate, since: Instant::now() };
        hosts.entry(host.to_owned()).or_insert_with(fresh).under_way += 1;
    }

    /// One more may be sent to a host where somebody is: or how long to wait.
    pub(super) fn spend(&self, host: &str) -> Result<(), Duration> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lane) = hosts.get_mut(host) else { return Ok(()) };
        lane.refill(self.rate);
        if lane.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - lane.tokens) / self.rate));
        }
        lane.tokens -= 1.0;
        Ok(())
    }

    /// Somebody is done with a host.
    pub(super) fn leave(&self, host: &str) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = hosts.get_mut(host) {
            lane.under_way = lane.under_way.saturating_sub(1);
        }
    }
}

impl Lane {
    fn refill(&mut self, rate: f64) {
        let now = Instant::now();
        let earned = now.duration_since(self.since).as_secs_f64() * rate;
        self.tokens = (self.tokens + earned).min(rate.max(1.0));
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_does_not_get_everything() {
        let pace = Pace::new(2.0);
        assert!(pace.has_room("a", 3) && !pace.has_room("a", 4));
        (0..4).for_each(|_| pace.enter("a"));
        assert!(!pace.has_room("a", 0) && pace.has_room("b", 0));
        assert_eq!((pace.spend("a"), pace.spend("a")), (Ok(()), Ok(())));
        let wait = pace.spend("a").unwrap_err();
        assert!(wait <= Duration::from_millis(500));
        pace.leave("a");
        assert!(!pace.has_room("a", 0), "it has had what a second allows");
    }
}
