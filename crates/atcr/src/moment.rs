//! Moments as programs in Go leave them in SQLite.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// Seconds of the year 2100; what is greater counts something smaller.
const GREATEST_SECONDS: i64 = 4_102_444_800;

/// Seconds, or thousandths or millionths of them, since 1970.
pub(crate) fn of_number(number: i64) -> Option<i64> {
    match number {
        ..=0 => None,
        1..GREATEST_SECONDS => Some(number * 1_000_000),
        number if number / 1_000 < GREATEST_SECONDS => Some(number * 1_000),
        number if number / 1_000_000 < GREATEST_SECONDS => Some(number),
        _ => None,
    }
}

/// RFC 3339; the same with a blank; what Go prints, ` +0000 UTC` at the end; what `CURRENT_TIMESTAMP` is.
pub(crate) fn of_text(text: &str) -> Option<i64> {
    if text.len() > 100 || !text.is_ascii() {
        return None;
    }
    let text = text.split(" m=").next().unwrap_or(text).trim();
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let (date, rest) = text.split_once([' ', 'T'])?;
    let (clock, zone) = match rest.find([' ', '+', '-', 'Z']) {
        Some(at) => (&rest[..at], rest[at..].trim()),
        None => (rest, "Z"),
    };
    let zone = match zone.strip_prefix(['+', '-']) {
        Some(digits) if digits.len() == 4 => format!("{}{}:{}", &zone[..1], &digits[..2], &digits[2..]),
        _ => zone.to_owned(),
    };
    let written = format!("{date}T{clock}{zone}");
    let at = OffsetDateTime::parse(&written, &Rfc3339).ok().or_else(|| {
        let to_the_minute = format_description!("[year]-[month]-[day] [hour]:[minute]");
        PrimitiveDateTime::parse(text, to_the_minute).ok().map(PrimitiveDateTime::assume_utc)
    })?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000).ok().filter(|at| *at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_many_ways() {
        let at = 1_735_787_045_000_000;
        for text in [
            "2025-01-02T03:04:05Z",
            "2025-01-02 03:04:05",
            "2025-01-02 03:04:05+00:00",
            "2025-01-02 04:04:05 +0100 UTC",
            "2025-01-02 03:04:05 +0000 UTC m=+0.001",
        ] {
            assert_eq!(of_text(text), Some(at), "{text}");
        }
        assert_eq!(of_text("2025-01-02 03:04:05.123456789 +0000 UTC"), Some(at + 123_456));
        for text in ["", "yesterday", "2025-13-02 03:04:05", "1025-01-02T03:04:05Z", "2025-01-02"] {
            assert_eq!(of_text(text), None, "{text}");
        }
        for number in [1_735_787_045, 1_735_787_045_000, 1_735_787_045_000_000] {
            assert_eq!(of_number(number), Some(at));
        }
        assert_eq!(of_number(-1), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_is_read_to_its_end(
            text in ".{0,120}|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]{5,12}[ +Z0-9A-Z-]{0,12}",
            number in proptest::num::i64::ANY,
        ) {
            crate::fuzzing::moment(text.as_bytes());
            crate::fuzzing::moment(&number.to_le_bytes());
        }
    }
}
