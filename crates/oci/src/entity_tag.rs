//! What a cache knows an answer by: the digest, in quotes (RFC 9110, sections 8.8.3 and 13.1).

use std::fmt;

use crate::Digest;

/// The `ETag` of a blob or a manifest. Content of one digest never changes, so it is a strong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag(pub Digest);

impl EntityTag {
    /// Whether who sent this `If-None-Match` has the content already: 304.
    #[must_use]
    pub fn is_known(self, if_none_match: &str) -> bool {
        let own = self.to_string();
        // A digest has no comma, so none of its quotes is cut.
        if_none_match
            .split(',')
            .map(str::trim_ascii)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
    }

    /// Whether `Range` is to be heeded beside this `If-Range`. A date is never one of ours.
    #[must_use]
    pub fn allows_range(self, if_range: Option<&str>) -> bool {
        if_range.is_none_or(|tag| tag.trim_ascii() == self.to_string())
    }
}

impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Algorithm;

    #[test]
    fn is_compared_as_http_says() {
        let tag = EntityTag(Digest::of(Algorithm::Sha256, b""));
        let other = EntityTag(Digest::of(Algorithm::Sha256, b"x"));
        for header in [format!("{tag}"), format!("W/{tag}"), format!("\"a\", {tag}"), "*".to_owned()] {
            assert!(tag.is_known(&header), "{header}");
        }
        for header in [format!("{other}"), tag.0.to_string(), String::new(), "\"\"".to_owned()] {
            assert!(!tag.is_known(&header), "{header}");
        }
        assert!(tag.allows_range(None) && tag.allows_range(Some(&tag.to_string())));
        for header in [format!("W/{tag}"), format!("{other}"), "Thu, 26 Nov 2026 15:00:00 GMT".to_owned()] {
            assert!(!tag.allows_range(Some(&header)), "{header}");
        }
    }
}
