//! How long answers are remembered.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// "No such record".
pub(crate) const NO_RECORD: Duration = Duration::from_secs(30);

/// "No such account", or none whose records are served.
pub(crate) const NO_ACCOUNT: Duration = Duration::from_mins(1);

/// An answer that cannot be believed.
pub(crate) const UNTRUSTED: Duration = Duration::from_mins(1);

/// That the newest records of an author were fetched, while the rest is still to come.
pub(crate) const LISTED: Duration = Duration::from_secs(30);

/// The first time that a host which does not answer is left alone; it doubles.
pub(crate) const TROUBLE: Duration = Duration::from_secs(15);

/// The longest such time.
pub(crate) const LONGEST_TROUBLE: Duration = Duration::from_mins(5);

/// The same, up to a tenth longer or shorter: what was learnt at once shall not be forgotten at once.
pub(crate) fn jittered(span: Duration) -> Duration {
    span.mul_f64(rand::random_range(0.9..1.1))
}

/// Milliseconds since the epoch, by which instances agree on when something ends.
pub(crate) fn now_millis() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    millis(now)
}

pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
