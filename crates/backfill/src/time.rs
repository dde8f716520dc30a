//! The clock, and waits that tests shorten.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Microseconds since the epoch.
pub(crate) fn now_micros() -> i64 {
    micros(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// As the databases have it.
pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// How many times faster long waits pass than the clock. 1, except in tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeScale(pub(crate) u32);

impl TimeScale {
    pub(crate) fn wait(self, span: Duration) -> Duration {
        span / self.0.max(1)
    }
}

/// Up to a fifth less, so that what failed together is not tried again together.
pub(crate) fn jittered(span: Duration) -> Duration {
    span.mul_f64(1.0 - rand::random::<f64>() / 5.0)
}
