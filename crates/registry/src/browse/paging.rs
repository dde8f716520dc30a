//! Page sizes and where a page goes on.

use server::Problem;

use crate::paging;

/// Entries of a page, if nobody says.
const DEFAULT: u32 = 30;

/// Bytes of what a page goes on behind: a tag is the longest.
const MAX_CURSOR: usize = 300;

/// The page size; 400 if it is no number.
pub(super) fn limit(text: Option<&str>) -> Result<u32, Problem> {
    paging::limit(text, DEFAULT)
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
        assert!(after(Some(&"x".repeat(301))).is_err() && after(Some("a\0")).is_err());
        assert_eq!((offset(Some("7"), 9).unwrap(), offset(None, 9).unwrap()), (7, 0));
        assert!(offset(Some("10"), 9).is_err() && offset(Some("-1"), 9).is_err());
        assert_eq!(place(Some("7.8")).unwrap(), Some((7, 8)));
        assert!(place(Some("7")).is_err() && place(Some("x.8")).is_err());
    }
}
