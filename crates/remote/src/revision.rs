//! Revisions of repositories.

use atproto::Tid;
use clock::now_micros;

/// How far a revision may be ahead of our clock, as the protocol has it.
const MAX_AHEAD_US: i64 = 300_000_000;

/// Whether the revision can be one: from the future it would keep every later version of a record out.
pub(crate) fn plausible(rev: Tid) -> bool {
    rev.timestamp_micros() <= now_micros() + MAX_AHEAD_US
}
