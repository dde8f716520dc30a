//! Revisions of repositories, and the clock they are measured by.

use std::time::{SystemTime, UNIX_EPOCH};

use atproto::Tid;

/// How far a revision may be ahead of our clock, as the protocol has it.
const MAX_AHEAD_US: i64 = 300_000_000;

/// Whether the revision can be one: from the future it would keep every later version of a record out.
pub(crate) fn plausible(rev: Tid) -> bool {
    rev.timestamp_micros() <= now_micros() + MAX_AHEAD_US
}

/// Now, in microseconds since the epoch.
pub(crate) fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
