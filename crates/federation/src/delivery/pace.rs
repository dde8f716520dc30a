//! How fast and how often at a time one host is sent to: one that fails only now and then, so that nobody else waits for it.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::settle::Outcome;

/// Deliveries under way with one host.
const PARALLEL: usize = 4;

/// Hosts whose pace is remembered before those that are at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// What each host is being sent. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pace {
    /// Deliveries per second, and at once.
    rate: f64,
    /// Deliveries under way with hosts that failed last, all together: what they may hold up.
    most_doubtful: usize,
    lanes: Arc<Mutex<Lanes>>,
}

#[derive(Default)]
struct Lanes {
    by_host: HashMap<String, Lane>,
    /// Under way with hosts that failed last.
    doubtful: usize,
}

struct Lane {
    under_way: usize,
    /// Whether the last attempt failed and that was the host's.
    failed: bool,
    tokens: f64,
    since: Instant,
}

impl Pace {
    /// A pace for all hosts, if so many deliveries may be under way.
    pub(super) fn new(rate: f64, workers: usize) -> Self {
        Self { rate: rate.max(0.1), most_doubtful: (workers / 2).max(1), lanes: Arc::default() }
    }

    /// Whether `further` more can be sent to a host beside what is. One that failed last is sent one at a time; how many of those were
    /// chosen before is `doubtful`.
    pub(super) fn has_room(&self, host: &str, further: usize, doubtful: &Cell<usize>) -> bool {
        let mut lanes = self.lanes();
        let under_way = lanes.doubtful;
        let Some(lane) = lanes.by_host.get_mut(host) else { return further < PARALLEL };
        lane.refill(self.rate);
        if !lane.failed {
            return lane.under_way + further < PARALLEL && lane.tokens >= 1.0;
        }
        let room = lane.under_way + further == 0
            && lane.tokens >= 1.0
            && under_way + doubtful.get() < self.most_doubtful;
        doubtful.set(doubtful.get() + usize::from(room));
        room
    }

    /// Somebody begins to send to a host.
    pub(super) fn enter(&self, host: &str) {
        let mut lanes = self.lanes();
        if lanes.by_host.len() >= REMEMBERED {
            let rate = self.rate;
            lanes.by_host.retain(|_, lane| {
                lane.refill(rate);
                lane.under_way > 0 || lane.tokens < rate.max(1.0)
            });
        }
        let rate = self.rate.max(1.0);
        let fresh = || Lane { under_way: 0, failed: false, tokens: rate, since: Instant::now() };
        let lane = lanes.by_host.entry(host.to_owned()).or_insert_with(fresh);
        lane.under_way += 1;
        let failed = lane.failed;
        lanes.doubtful += usize::from(failed);
    }

    /// One more may be sent to a host where somebody is: or how long to wait.
    pub(super) fn spend(&self, host: &str) -> Result<(), Duration> {
        let mut lanes = self.lanes();
        let Some(lane) = lanes.by_host.get_mut(host) else { return Ok(()) };
        lane.refill(self.rate);
        if lane.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - lane.tokens) / self.rate));
        }
        lane.tokens -= 1.0;
        Ok(())
    }

    /// An attempt has ended.
    pub(super) fn ended(&self, host: &str, outcome: &Outcome) {
        let failed = match outcome {
            Outcome::Later { of_host, .. } => *of_host,
            Outcome::Postponed(_) => return,
            _ => false,
        };
        let mut lanes = self.lanes();
        let Some(lane) = lanes.by_host.get_mut(host) else { return };
        let (before, under_way) = (std::mem::replace(&mut lane.failed, failed), lane.under_way);
        match (before, failed) {
            (false, true) => lanes.doubtful += under_way,
            (true, false) => lanes.doubtful = lanes.doubtful.saturating_sub(under_way),
            _ => {}
        }
    }

    /// Somebody is done with a host.
    pub(super) fn leave(&self, host: &str) {
        let mut lanes = self.lanes();
        let Some(lane) = lanes.by_host.get_mut(host) else { return };
        lane.under_way = lane.under_way.saturating_sub(1);
        let failed = lane.failed;
        lanes.doubtful = lanes.doubtful.saturating_sub(usize::from(failed));
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn room(pace: &Pace, host: &str, further: usize) -> bool {
        pace.has_room(host, further, &Cell::new(0))
    }

    #[test]
    fn one_host_does_not_get_everything() {
        let pace = Pace::new(2.0, 32);
        assert!(room(&pace, "a", 3) && !room(&pace, "a", 4));
        (0..4).for_each(|_| pace.enter("a"));
        assert!(!room(&pace, "a", 0) && room(&pace, "b", 0));
        assert_eq!((pace.spend("a"), pace.spend("a")), (Ok(()), Ok(())));
        let wait = pace.spend("a").unwrap_err();
        assert!(wait <= Duration::from_millis(500));
        pace.leave("a");
        assert!(!room(&pace, "a", 0), "it has had what a second allows");
    }

    #[test]
    fn hosts_that_fail_hold_nobody_up() {
        let (pace, fails) = (Pace::new(100.0, 4), |host: &str| Outcome::Later {
            status: None,
            why: format!("{host} is down"),
            asked: None,
            of_host: true,
        });
        for host in ["a", "b", "c"] {
            pace.enter(host);
            pace.ended(host, &fails(host));
        }
        assert!(!room(&pace, "a", 0), "one at a time, and that is under way");
        for host in ["a", "b", "c"] {
            pace.leave(host);
        }
        let found = Cell::new(0);
        let found: Vec<bool> =
            ["a", "b", "c", "d"].iter().map(|host| pace.has_room(host, 0, &found)).collect();
        assert_eq!(found, [true, true, false, true], "half of the places are for those that work");
        pace.enter("a");
        pace.ended("a", &Outcome::Delivered(http::StatusCode::ACCEPTED));
        assert!(room(&pace, "a", 0));
    }
}
