//! Lists that come in pieces (spec/registry.md §1.7).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Error, ErrorCode, Route};

/// The part of a list that is asked for: `?n=…&last=…`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    limit: usize,
    last: Option<String>,
}

/// Bytes of `last` at most: the longest thing that is listed is the name of a repository.
const MAX_LAST_BYTES: usize = 255;

/// What stands for itself in a query. Everything else is encoded, so that a value ends neither itself nor the link.
const IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

impl Page {
    /// Reads the two parameters, percent-decoded. Without `n`, or with one beyond it, the page has `most` entries. An `n` that
    /// is no number is 400 `PAGINATION_NUMBER_INVALID`.
    pub fn parse(n: Option<&str>, last: Option<&str>, most: usize) -> Result<Self, Error> {
        let limit = match n {
            None => most,
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                // A number that does not fit is beyond `most` in any case.
                let most = if faults::mutant!("oci-page-without-bound") { usize::MAX } else { most };
                digits.parse().unwrap_or(most).min(most)
            }
            Some(_) => return Err(ErrorCode::PaginationNumberInvalid.into()),
        };
        if last.is_some_and(|last| last.len() > MAX_LAST_BYTES) {
            return Err(Error::new(
                ErrorCode::PaginationNumberInvalid,
                "last is longer than anything listed here",
            ));
        }
        Ok(Self { limit, last: last.filter(|last| !last.is_empty()).map(str::to_owned) })
    }

    /// Entries of this page at most; 0 asks for an empty list, which has no next page.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Only entries beyond this one in the order of bytes; there need not be such an entry.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The value of `Link` that leads to the page behind `last`, the last entry of this one. `filter` is another parameter
    /// that the list was asked for with.
    #[must_use]
    pub fn next_link(&self, route: &Route, last: &str, filter: Option<(&str, &str)>) -> String {
        let encode = |text| utf8_percent_encode(text, IN_QUERY);
        let mut query = format!("n={}&last={}", self.limit, encode(last));
        if let Some((key, value)) = filter {
            query.extend(["&", key, "="]);
            query.extend(encode(value));
        }
        format!("<{route}?{query}>; rel=\"next\"")
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn page(n: Option<&str>, last: Option<&str>) -> Result<Page, Error> {
        Page::parse(n, last, 10_000)
    }

    #[test]
    fn reads_what_is_a_number() {
        for (n, limit) in [
            (None, 10_000),
            (Some("0"), 0),
            (Some("007"), 7),
            (Some("10001"), 10_000),
            (Some("99999999999999999999"), 10_000),
        ] {
            assert_eq!(page(n, None).unwrap().limit(), limit, "{n:?}");
        }
        for n in ["", "-1", "+1", "a", "1.5", " 1", "1 ", "0x1", "١"] {
            let error = page(Some(n), None).unwrap_err();
            assert_eq!(
                (error.code(), error.status().as_u16()),
                (ErrorCode::PaginationNumberInvalid, 400),
                "{n}"
            );
        }
        assert_eq!(page(None, Some("v1")).unwrap().last(), Some("v1"));
        assert_eq!(page(None, Some("")).unwrap().last(), None);
        assert!(page(None, Some(&"x".repeat(256))).is_err());
    }

    #[test]
    fn links_to_the_next() {
        let tags = Route::parse(&Method::GET, "/v2/a.test/app/tags/list").unwrap();
        let link = page(Some("2"), None).unwrap().next_link(&tags, "v1", None);
        assert_eq!(link, r#"</v2/a.test/app/tags/list?n=2&last=v1>; rel="next""#);
        let link = page(None, None).unwrap().next_link(&Route::Catalog, "a/b", None);
        assert_eq!(link, r#"</v2/_catalog?n=10000&last=a/b>; rel="next""#);
    }

    #[test]
    fn nothing_gets_out_of_a_link() {
        let evil = "x>; rel=\"y\"\r\nSet-Cookie: a&n=1%00ö#";
        let filter = Some(("artifactType", evil));
        let link = page(Some("1"), None).unwrap().next_link(&Route::Catalog, evil, filter);
        let encoded = "x%3E%3B%20rel%3D%22y%22%0D%0ASet-Cookie:%20a%26n%3D1%2500%C3%B6%23";
        assert_eq!(link, format!("</v2/_catalog?n=1&last={encoded}&artifactType={encoded}>; rel=\"next\""));
    }
}
