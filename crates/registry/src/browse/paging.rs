//! Page sizes and where a page goes on.

use server::Problem;

/// Entries of a page, if nobody says, and at most.
const DEFAULT: u32 = 30;
const MOST: u32 = 100;

/// Bytes of what a page goes on behind: a tag is the longest.
const MAX_CURSOR: usize = 300;

/// The page size; 400 if it is no number.
pub(super) fn limit(text: Option<&str>) -> Result<u32, Problem> {
    let Some(text) = text else { return Ok(DEFAULT) };
    let is_number = !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let refused = || Problem::bad_request(format!("`limit` is a number from 1 to {MOST}"));
    let number: u64 = if is_number { text.parse().map_err(|_| refused())? } else { return Err(refused()) };
    Ok(u32::try_from(number).unwrap_or(MOST).clamp(1, MOST))
}

/// Where the previous page ended, by name.
pub(super) fn after(text: Option<&str>) -> Result<&str, Problem> {
    let text = text.unwrap_or_default();
    if text.len() > MAX_CURSOR || text.contains('\0') { Err(not_given()) } else { Ok(text) }
}

/// The same where it is a number.
pub(super) fn offset(text: Option<&str>, most: u32) -> Result<u32, Problem> {
    let offset = text.map_or(Ok(0), str::parse).map_err(|_| not_given())?;
    if offset > most { Err(not_given()) } else { Ok(offset) }
}

/// The same where it is a moment and a row.
pub(super) fn place(text: Option<&str>) -> Result<Option<(i64, i64)>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let parts = text.split_once('.').and_then(|(time, row)| Some((time.parse().ok()?, row.parse().ok()?)));
    parts.map(Some).ok_or_else(not_given)
}

fn not_given() -> Problem {
    Problem::bad_request("`cursor` is nothing that a page of this list ended with")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_there_is_a_bound() {
        for (text, expected) in [(None, 30), (Some("1"), 1), (Some("0"), 1), (Some("9999999999"), 100)] {
            assert_eq!(limit(text).unwrap(), expected, "{text:?}");
        }
        for text in ["", "-1", "+1", "x", "1.5", "99999999999"] {
            assert_eq!(limit(Some(text)).unwrap_err().status.as_u16(), 400, "{text:?}");
        }
        assert!(after(Some(&"x".repeat(301))).is_err() && after(Some("a\0")).is_err());
        assert_eq!((offset(Some("7"), 9).unwrap(), offset(None, 9).unwrap()), (7, 0));
        assert!(offset(Some("10"), 9).is_err() && offset(Some("-1"), 9).is_err());
        assert_eq!(place(Some("7.8")).unwrap(), Some((7, 8)));
        assert!(place(Some("7")).is_err() && place(Some("x.8")).is_err());
    }
}
