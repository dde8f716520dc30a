//! Times as labelers write them, made comparable.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Longest text read as a time; with nine digits of a second and an offset it has 35.
const MAX_BYTES: usize = 64;

/// RFC 3339 in any zone and with any number of digits, as microseconds since 1970 in UTC.
pub(crate) fn micros(text: &str) -> Option<i64> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_one_number_however_it_is_written() {
        let moment = Some(1_767_225_600_500_000);
        for text in
            ["2026-01-01T00:00:00.5Z", "2026-01-01T02:00:00.500+02:00", "2025-12-31T23:00:00.500000000-01:00"]
        {
            assert_eq!(micros(text), moment, "{text}");
        }
    }

    #[test]
    fn whatever_else_is_no_time() {
        for text in ["", "2026-01-01", "2026-01-01T00:00:00", "yesterday", &"0".repeat(1 << 20)] {
            assert_eq!(micros(text), None);
        }
    }
}
