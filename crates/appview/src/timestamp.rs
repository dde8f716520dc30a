//! Moments: microseconds in the databases, RFC 3339 on the wire.

pub(crate) use clock::now_micros;
use serde::Serializer;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// Milliseconds and `Z`: the form the network itself writes.
const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// `2026-01-31T12:00:00.000Z`; `None` for a moment no calendar reaches.
fn rfc3339(micros: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()?.format(FORMAT).ok()
}

/// For `#[serde(serialize_with)]`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde wants")]
pub(crate) fn serialize<S: Serializer>(micros: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serialize_opt(&Some(*micros), serializer)
}

/// For `#[serde(serialize_with)]`: NULL stays null.
#[expect(clippy::ref_option, reason = "the signature serde wants")]
pub(crate) fn serialize_opt<S: Serializer>(micros: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match micros.and_then(rfc3339) {
        Some(text) => serializer.serialize_str(&text),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_utc_with_milliseconds() {
        assert_eq!(rfc3339(1_725_911_162_329_308).as_deref(), Some("2024-09-09T19:46:02.329Z"));
        assert_eq!(rfc3339(0).as_deref(), Some("1970-01-01T00:00:00.000Z"));
        assert_eq!(rfc3339(-1).as_deref(), Some("1969-12-31T23:59:59.999Z"));
        assert_eq!(rfc3339(i64::MAX), None);
    }
}
