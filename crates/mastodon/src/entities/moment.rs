//! Times as clients read them.

use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

const INSTANT: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// In microseconds.
const A_DAY: i64 = 24 * 3600 * 1_000_000;

/// A time in microseconds since 1970.
pub(crate) fn instant(micros: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000);
    time.ok().and_then(|time| time.format(INSTANT).ok()).unwrap_or_else(|| "1970-01-01T00:00:00.000Z".into())
}

/// Midnight of its day: Mastodon says no more of when somebody joined.
pub(crate) fn midnight(micros: i64) -> String {
    instant(micros.div_euclid(A_DAY) * A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_clients_read_them() {
        assert_eq!(instant(1_795_000_000_123_456), "2026-11-18T11:06:40.123Z");
        assert_eq!(midnight(1_795_000_000_123_456), "2026-11-18T00:00:00.000Z");
    }
}
