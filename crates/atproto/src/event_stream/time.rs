//! Times of messages, as their senders write them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// In microseconds since 1970, if it is a time of RFC 3339 since then.
#[must_use]
pub fn micros(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1_000).ok().filter(|micros| *micros >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_none() {
        assert_eq!(micros("2026-07-04T14:39:14.123456Z"), Some(1_783_175_954_123_456));
        assert_eq!(micros("1969-01-01T00:00:00Z"), None);
        assert_eq!(micros("yesterday"), None);
    }
}
