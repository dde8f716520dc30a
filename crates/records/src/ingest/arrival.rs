//! Does what arrives first after connecting continue where we stopped?

use crate::Gap;

use super::advance::found_gap;

/// A source is asked for events from a little before the cursor on, because servers that stand in for each other
/// differ by moments. Repetitions cost a look-up each.
pub(super) const REWIND_US: i64 = 5_000_000;

/// More than this after the cursor is a gap: the event at the cursor itself would have come again.
const TOLERANCE_US: i64 = 10_000_000;

/// Events from further ahead than this are taken for a broken clock or malice: the cursor would follow them.
const MAX_AHEAD_US: i64 = 600_000_000;

/// Whether the time of an event, or of a repository's revision, can be true.
pub(crate) fn is_plausible(time_us: i64, now: i64) -> bool {
    time_us <= now + MAX_AHEAD_US || faults::mutant!("records-future-believed")
}

/// Judges the first event of a connection that was asked for events from `cursor` on; both in microseconds of the
/// source. `None` means it continues.
pub(super) fn judge(cursor: i64, first: i64) -> Option<Gap> {
    if first > cursor + TOLERANCE_US {
        return Some(found_gap(cursor, first, "the source no longer has the events after the cursor"));
    }
    if first < cursor - REWIND_US - TOLERANCE_US {
        // A source whose clock is behind sends only what is new to it; what it had before is unknown.
        return Some(found_gap(first, cursor, "the source's clock is behind the cursor"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    #[test]
    fn repetitions_and_quiet_moments_are_no_gap() {
        for first in [100 * S - REWIND_US, 99 * S, 100 * S, 109 * S] {
            assert_eq!(judge(100 * S, first), None, "{first}");
        }
    }

    #[test]
    fn a_jump_in_either_direction_is() {
        let ahead = judge(100 * S, 111 * S).unwrap();
        assert_eq!((ahead.from_us, ahead.to_us), (100 * S, 111 * S));
        let behind = judge(100 * S, 10 * S).unwrap();
        assert_eq!((behind.from_us, behind.to_us), (10 * S, 100 * S));
    }

    #[test]
    fn the_future_is_not_believed() {
        assert!(is_plausible(100 * S, 100 * S));
        assert!(is_plausible(100 * S + MAX_AHEAD_US, 100 * S));
        assert!(!is_plausible(100 * S + MAX_AHEAD_US + 1, 100 * S));
    }
}
