//! What a client calls itself.

use http::{HeaderMap, HeaderName};

pub(super) const X_HAPPY_CLIENT: HeaderName = HeaderName::from_static("x-happy-client");

/// Longer names are cut: they are for people.
const MAX_CHARACTERS: usize = 64;

/// `X-Happy-Client`: `TYPE/VERSION` (spec/sync.md §0), as it was sent.
pub(crate) fn claimed_name(headers: &HeaderMap) -> Option<&str> {
    headers.get(X_HAPPY_CLIENT)?.to_str().ok()
}

/// The same, to be kept.
pub(crate) fn client_name(headers: &HeaderMap) -> Option<String> {
    Some(claimed_name(headers)?.chars().take(MAX_CHARACTERS).collect())
}
