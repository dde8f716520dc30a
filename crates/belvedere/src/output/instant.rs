//! Points and lengths of time.

pub(crate) use clock::now_micros;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// RFC 3339 in UTC with milliseconds, as the HTTP interfaces write it, of microseconds since the epoch.
pub(crate) fn instant(micros: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)
        .ok()
        .and_then(|time| time.format(FORMAT).ok())
        .unwrap_or_else(|| format!("{micros} µs"))
}

/// The same of a point in time.
pub(crate) fn moment(time: OffsetDateTime) -> String {
    instant(micros(time))
}

fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

/// A length of time in its largest unit: `45 s`, `3 h`, `12 d`.
pub(crate) fn span(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(instant(1_700_000_000_123_456), "2023-11-14T22:13:20.123Z");
        assert_eq!(instant(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(instant(i64::MAX), "9223372036854775807 µs");
        assert_eq!([5, 119, 120, 7200, 172_800].map(span), ["5 s", "119 s", "2 min", "2 h", "2 d"]);
    }
}
