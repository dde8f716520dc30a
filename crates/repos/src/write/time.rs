//! Moments as revisions and as text.

use atproto::Tid;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A revision for `now`, in microseconds, that comes after the one before whatever the clock says.
#[expect(
    clippy::expect_used,
    reason = "microseconds of this age of the world are in range until the year 2255"
)]
pub(crate) fn next_rev(now: i64, after: Option<Tid>) -> Tid {
    let clock = rand::random::<u16>() % 1024;
    let fresh = Tid::new(now, clock);
    let least = after.and_then(|after| Tid::from_i64(after.as_i64() + 1));
    fresh.max(least).expect("a moment that has a TID")
}

/// A moment in microseconds as RFC 3339, to the millisecond.
pub(crate) fn stamp(micros: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros / 1000) * 1_000_000);
    let text = moment.ok().and_then(|moment| moment.format(&Rfc3339).ok());
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_later_than_the_one_before_also_when_the_clock_goes_back() {
        let first = next_rev(1_795_000_000_000_000, None);
        let second = next_rev(1_700_000_000_000_000, Some(first));
        assert!(second > first);
        assert!(next_rev(1_795_000_000_000_001, Some(second)) > second);
    }

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(stamp(1_795_000_000_123_456), "2026-11-18T11:06:40.123Z");
    }
}
