//! TIDs and moments, as scripts see them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use atproto::Tid;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// The TID given out last, as a number.
static LAST: AtomicI64 = AtomicI64::new(0);

/// A TID later than all that this process has given out, of this moment if possible. `None` only after the year 2255.
pub(crate) fn next() -> Option<Tid> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(now.as_micros()).ok()?;
    let now = Tid::new(micros, clock())?.as_i64();
    let step = 1 << 10;
    let last =
        LAST.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(now.max(last + step))).ok()?;
    Tid::from_i64(now.max(last + step))
}

/// Tells this process from others that give out TIDs in the same microsecond.
fn clock() -> u16 {
    static CLOCK: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
    *CLOCK.get_or_init(|| rand::random::<u16>() & 1023)
}

/// RFC 3339 in UTC, with microseconds.
pub(crate) fn iso(micros: i64) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()?;
    let (date, time) = (moment.date(), moment.time());
    let (hour, minute, second, micro) = time.as_hms_micro();
    (0..=9999).contains(&date.year()).then(|| format!("{date}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z"))
}

/// Microseconds since 1970 of an RFC 3339 text of any offset; what is finer is cut off.
pub(crate) fn from_iso(text: &str) -> Result<i64, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|error| format!("{text:?} is not a time as RFC 3339 writes them: {error}"))?;
    let nanos = moment.to_offset(UtcOffset::UTC).unix_timestamp_nanos();
    i64::try_from(nanos.div_euclid(1000)).map_err(|_| format!("{text:?} is out of range"))
}

/// Now, in RFC 3339.
pub(crate) fn now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    iso(i64::try_from(now.as_micros()).unwrap_or(i64::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_later_than_the_one_before_in_every_thread() {
        let threads: Vec<_> = (0..4)
            .map(|_| std::thread::spawn(|| (0..500).map(|_| next().unwrap().to_string()).collect::<Vec<_>>()))
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            let tids = thread.join().unwrap();
            assert!(tids.is_sorted());
            all.extend(tids);
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 2000);
    }

    #[test]
    fn moments_go_both_ways() {
        assert_eq!(iso(1_700_000_000_123_456).unwrap(), "2023-11-14T22:13:20.123456Z");
        assert_eq!(from_iso("2023-11-14T22:13:20.123456Z"), Ok(1_700_000_000_123_456));
        assert_eq!(from_iso("2023-11-15T00:13:20.1234569+02:00"), Ok(1_700_000_000_123_456));
        assert!(from_iso("yesterday").unwrap_err().contains("RFC 3339"));
        assert_eq!(iso(i64::MAX), None);
    }
}
