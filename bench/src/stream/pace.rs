//! How fast the events of a stream are sent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// When an event may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As soon as the consumer takes it.
    Unbounded,
    /// Not before the wall clock shows its `time_us`, as if it had just happened.
    RealTime,
}

impl Pace {
    /// How long an event of that time has to wait; `None` if it may be sent now.
    pub(super) fn wait(self, time_us: i64) -> Option<Duration> {
        match self {
            Self::Unbounded => None,
            Self::RealTime => {
                let early = u64::try_from(time_us - now_us()).ok()?;
                (early > 0).then(|| Duration::from_micros(early))
            }
        }
    }
}

/// Microseconds since the epoch.
#[must_use]
pub fn now_us() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
}
