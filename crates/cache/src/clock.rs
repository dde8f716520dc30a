//! The clock that rate limits run on: the real one, or one that a test turns by hand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// A clock that stands still until it is [advanced](ManualClock::advance); clones share their time.
///
/// [`Cache::with_clock`](crate::Cache::with_clock) makes rate limits run on it. Times to live stay in real time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// A clock that shows an arbitrary fixed time.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_734_567_890_123_457)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.0.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the time of a rate limit comes from. The origin is arbitrary: only differences count.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// Memory: this process's monotonic clock. Valkey: the server's clock, which all instances share.
    System,
    Manual(ManualClock),
}

impl Clock {
    /// Microseconds on the clock of this process.
    pub(crate) fn local_micros(&self) -> u64 {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::System => u64::try_from(START.elapsed().as_micros()).unwrap_or(u64::MAX),
            Self::Manual(clock) => clock.0.load(Ordering::Relaxed),
        }
    }

    /// The time to impose on the server, if it is not to use its own.
    pub(crate) fn imposed_micros(&self) -> Option<u64> {
        match self {
            Self::System => None,
            Self::Manual(_) => Some(self.local_micros()),
        }
    }
}
