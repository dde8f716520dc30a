//! Page sizes and where a page goes on.

use atproto::Did;
use server::Problem;

use crate::paging;

/// Entries of a page, if nobody says.
const DEFAULT: u32 = 50;

/// The page size; 400 if it is no number.
pub(super) fn limit(text: Option<&str>) -> Result<u32, Problem> {
    paging::limit(text, DEFAULT)
}

/// Behind whom a list of people goes on.
pub(super) fn behind(text: Option<&str>) -> Result<Option<Did>, Problem> {
    text.map(Did::parse).transpose().map_err(|_| not_given())
}

/// Behind whom, with how many bytes, a list by size goes on.
pub(super) fn place(text: Option<&str>) -> Result<Option<(u64, Did)>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let parts = text.split_once('.').and_then(|(bytes, did)| {
        let is_number = bytes.bytes().all(|byte| byte.is_ascii_digit());
        Some((is_number.then(|| bytes.parse().ok())??, Did::parse(did).ok()?))
    });
    parts.map(Some).ok_or_else(not_given)
}

fn not_given() -> Problem {
    Problem::bad_request("`cursor` is nothing that a page of this list ended with")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_one_that_was_given() {
        let did = Did::parse("did:web:alice.test").unwrap();
        assert_eq!(behind(Some(did.as_str())).unwrap(), Some(did.clone()));
        assert_eq!(place(Some("17.did:web:alice.test")).unwrap(), Some((17, did)));
        for text in ["", "17", "17.", ".did:web:alice.test", "+17.did:web:alice.test", "x.did:web:alice.test"]
        {
            assert!(place(Some(text)).is_err(), "{text:?}");
        }
        assert!(behind(Some("alice.test")).is_err());
    }
}
