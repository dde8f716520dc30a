//! The time.

use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Microseconds since 1970.
pub(super) fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).expect("a time in this century")
}

/// A moment as text, to the millisecond.
pub(super) fn rfc3339(micros: i64) -> String {
    let nanos = i128::from(micros / 1000) * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("a time in this century");
    time.format(&Rfc3339).expect("a time in this century")
}
