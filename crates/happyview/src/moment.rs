//! Points in time, as either engine writes them.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// SQLite's `datetime('now')`, and PostgreSQL's timestamps without their zone.
const PLAIN: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]");

/// RFC 3339, or a date and a time with a space between them, with or without a zone; without one it is UTC.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time);
    }
    let text = text.strip_suffix("+00").or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    PrimitiveDateTime::parse(text, &PLAIN).ok().map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_way_of_writing_it_is_the_same_moment() {
        let expected = parse("2026-06-04T07:08:09Z").unwrap();
        for text in [
            "2026-06-04T07:08:09.000Z",
            "2026-06-04T09:08:09+02:00",
            "2026-06-04 07:08:09",
            "2026-06-04 07:08:09.000000",
            "2026-06-04 07:08:09+00",
            "2026-06-04 07:08:09.0+00:00",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        assert_eq!(parse("2026-06-04 07:08:09.25+00").unwrap().millisecond(), 250);
    }

    #[test]
    fn nonsense_is_no_moment() {
        for text in ["", "infinity", "2026-06-04", "yesterday", "2026-13-04 07:08:09", "1717484889"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
