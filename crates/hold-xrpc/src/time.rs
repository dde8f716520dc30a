//! Moments as records and methods have them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Microseconds as RFC 3339, to the millisecond.
pub(crate) fn written(micros: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros / 1000) * 1_000_000);
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Back from RFC 3339.
pub(crate) fn read(text: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos() / 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_being_written() {
        let text = written(1_795_000_000_123_456);
        assert_eq!(text, "2026-11-18T11:06:40.123Z");
        assert_eq!(read(&text), Some(1_795_000_000_123_000));
        assert_eq!(read("yesterday"), None);
    }
}
