//! What a client calls itself.

use http::HeaderMap;

/// Longer names are cut: they are for people.
const MAX_CHARACTERS: usize = 64;

/// `X-Happy-Client`: `TYPE/VERSION` (spec/sync.md §0).
pub(crate) fn client_name(headers: &HeaderMap) -> Option<String> {
    let name = headers.get("x-happy-client")?.to_str().ok()?;
    Some(name.chars().take(MAX_CHARACTERS).collect())
}
