//! Waits that tests shorten.

use std::time::Duration;

/// How many times faster long waits pass than the clock. 1, except in tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeScale(pub(crate) u32);

impl TimeScale {
    pub(crate) fn wait(self, span: Duration) -> Duration {
        span / self.0.max(1)
    }
}
