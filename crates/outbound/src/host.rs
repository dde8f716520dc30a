//! One remote host: how many exchanges at a time, and when it is left alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::BackOff;

/// The state kept for one `host:port`, shared by everyone who contacts it.
pub(crate) struct Host {
    places: Arc<Semaphore>,
    back_off: BackOff,
    health: Mutex<Health>,
}

/// A place among the exchanges under way with a host; dropping it gives the place to the next.
pub(crate) struct Place {
    pub(crate) host: Arc<Host>,
    _permit: Option<OwnedSemaphorePermit>,
}

#[derive(Default)]
struct Health {
    /// Failures in a row.
    failures: u32,
    /// Nothing is sent before this.
    paused_until: Option<Instant>,
}

impl Host {
    pub(crate) fn new(places: usize, back_off: BackOff) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), back_off, health: Mutex::default() }
    }

    /// Waits for a place. An error is the time for which the host is still to be left alone.
    pub(crate) async fn enter(self: Arc<Self>) -> Result<Place, Duration> {
        self.check(Instant::now())?;
        // Acquiring fails only for a closed semaphore, and nothing closes this one.
        let permit = Arc::clone(&self.places).acquire_owned().await.ok();
        // The host may have failed while we waited.
        self.check(Instant::now())?;
        Ok(Place { host: self, _permit: permit })
    }

    /// An error is the time for which the host is still to be left alone.
    pub(crate) fn check(&self, now: Instant) -> Result<(), Duration> {
        let left = self.health().paused_until.map(|until| until.saturating_duration_since(now));
        left.filter(|left| !left.is_zero()).map_or(Ok(()), Err)
    }

    /// Records a failed connection, a 429 or a 503, with the pause the host asked for.
    pub(crate) fn failed(&self, now: Instant, asked: Option<Duration>) {
        let mut health = self.health();
        // Requests that were under way together fail together; that is one failure, not many.
        let paused = health.paused_until.is_some_and(|until| until > now);
        if !paused {
            health.failures = health.failures.saturating_add(1);
        }
        let doublings = health.failures.saturating_sub(1).min(16);
        let pause = asked.unwrap_or_default().max(self.back_off.first * 2_u32.pow(doublings));
        let until = now + pause.min(self.back_off.longest);
        health.paused_until = health.paused_until.max(Some(until));
    }

    /// Records an answer: the host is well again. A pause that another answer asked for still holds.
    pub(crate) fn succeeded(&self) {
        self.health().failures = 0;
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn host() -> Host {
        Host::new(1, BackOff { first: SECOND, longest: 120 * SECOND })
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_success_resets_them() {
        let host = host();
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            host.failed(now, None);
            let pause = host.check(now).unwrap_err();
            pauses.push(pause.as_secs());
            now += pause;
            assert_eq!(host.check(now), Ok(()));
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 120, 120]);
        host.succeeded();
        host.failed(now, None);
        assert_eq!(host.check(now), Err(SECOND));
    }

    #[test]
    fn failing_together_counts_once() {
        let host = host();
        let now = Instant::now();
        (0..10).for_each(|_| host.failed(now, None));
        assert_eq!(host.check(now), Err(SECOND));
    }

    #[test]
    fn a_requested_pause_is_kept_within_the_longest() {
        let host = host();
        let now = Instant::now();
        host.failed(now, Some(30 * SECOND));
        assert_eq!(host.check(now), Err(30 * SECOND));
        host.failed(now, Some(5 * SECOND));
        assert_eq!(host.check(now), Err(30 * SECOND), "a shorter one does not shorten it");
        host.failed(now, Some(86_400 * SECOND));
        assert_eq!(host.check(now), Err(120 * SECOND));
    }
}
