//! Times of others.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads RFC 3339 with any number of digits of a fraction; `None` for what is none.
#[must_use]
pub fn timestamp(text: &str) -> Option<OffsetDateTime> {
    (text.len() <= 64).then(|| OffsetDateTime::parse(text.trim(), &Rfc3339).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_any_precision_and_offset() {
        let second = timestamp("2026-01-02T03:04:05Z").unwrap();
        for same in [
            "2026-01-02T03:04:05.000000000Z",
            "2026-01-02T03:04:05+00:00",
            "2026-01-02T04:04:05.0+01:00",
            "2026-01-02T03:04:05.000000000000Z",
        ] {
            assert_eq!(timestamp(same), Some(second), "{same}");
        }
        for bad in ["", "2026-01-02", "yesterday", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05"] {
            assert_eq!(timestamp(bad), None, "{bad}");
        }
    }
}
