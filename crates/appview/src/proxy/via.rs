//! The mark of a call that has been passed on (RFC 9110 §7.6.3).
//!
//! An authority serves its methods itself. So a call that any server of our kind has passed on once is not passed on
//! again, and no configuration of any number of them makes a call go round.

use http::header::VIA;
use http::{HeaderMap, HeaderValue};

const NAME: &str = "belvedere";

/// What we add to the calls we pass on.
pub(super) const OURS: HeaderValue = HeaderValue::from_static("1.1 belvedere");

/// Whether the request has come through one of us.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    let values = headers.get_all(VIA).iter().filter_map(|value| value.to_str().ok());
    let mut hops = values.flat_map(|value| value.split(','));
    hops.any(|hop| hop.split_ascii_whitespace().nth(1).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ours_in(values: &[&'static str]) -> bool {
        is_ours(&values.iter().map(|value| (VIA, HeaderValue::from_static(value))).collect())
    }

    #[test]
    fn we_know_our_own_mark_among_others() {
        assert!(is_ours(&HeaderMap::from_iter([(VIA, OURS)])));
        assert!(is_ours_in(&["1.0 fred, 1.1 Belvedere (comment)"]));
        assert!(!is_ours_in(&["1.1 proxy.belvedere.example, HTTP/2 fred", "belvedere", ""]));
        assert!(!is_ours_in(&[]));
    }

    #[test]
    fn a_second_header_counts() {
        let mut headers = HeaderMap::from_iter([(VIA, HeaderValue::from_static("1.1 fred"))]);
        assert!(!is_ours(&headers));
        headers.append(VIA, OURS);
        assert!(is_ours(&headers));
    }
}
