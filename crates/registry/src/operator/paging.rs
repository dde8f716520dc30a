//! Page sizes and where a page goes on.

use atproto::Did;
use server::Problem;

/// Entries of a page, if nobody says, and at most.
const DEFAULT: u32 = 50;
const MOST: u32 = 100;

/// The page size; 400 if it is no number.
pub(super) fn limit(text: Option<&str>) -> Result<u32, Problem> {
    let Some(text) = text else { return Ok(DEFAULT) };
    let number = text.parse::<u32>().ok().filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| Problem::bad_request(format!("`limit` is a number from 1 to {MOST}")))
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
    fn whatever_is_asked_for_there_is_a_bound() {
        assert_eq!(
            (limit(None).unwrap(), limit(Some("1")).unwrap(), limit(Some("100")).unwrap()),
            (50, 1, 100)
        );
        for text in ["", "0", "101", "-1", "x", "99999999999"] {
            assert_eq!(limit(Some(text)).unwrap_err().status.as_u16(), 400, "{text:?}");
        }
    }

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
