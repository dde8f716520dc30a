//! Moments as people and programs read them.

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;

/// Microseconds since 1970 as RFC 3339, in whole milliseconds.
pub(crate) fn instant(micros: i64) -> String {
    let millis = micros.div_euclid(1000);
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000);
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(instant(1_795_000_000_123_456), "2026-11-18T11:06:40.123Z");
        assert_eq!(instant(0), "1970-01-01T00:00:00Z");
    }
}
