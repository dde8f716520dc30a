//! Names that people give to manifests.

use std::fmt;

use crate::excerpt::excerpt;
use crate::text::text_impls;
use crate::{Error, ErrorCode};

/// Bytes of a tag at most.
const MAX_BYTES: usize = 128;

/// A tag: up to 128 letters, digits, `_`, `.` and `-`, not beginning with one of the last two (spec/registry.md §1.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(Box<str>);

text_impls!(Tag);

impl Tag {
    /// Reads a tag; what is none is 400 `MANIFEST_INVALID`, because the protocol has no code of its own for it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let rest = |byte: u8| word(byte) || byte == b'.' || byte == b'-';
        let valid =
            text.len() <= MAX_BYTES && text.bytes().next().is_some_and(word) && text.bytes().all(rest);
        if valid {
            return Ok(Self(text.into()));
        }
        Err(Error::new(
            ErrorCode::ManifestInvalid,
            format!(
                "{:?} is not a tag: up to {MAX_BYTES} of a-z, A-Z, 0-9, _, . and -, beginning with none of the last two",
                excerpt(text)
            ),
        ))
    }

    /// Text that was built by the rules.
    pub(crate) fn from_checked(text: String) -> Self {
        Self(text.into())
    }

    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_rules() {
        for tag in ["latest", "v1.0.0-rc.1", "_", "A", "0", "a__b..c--", &"x".repeat(128)] {
            assert_eq!(Tag::parse(tag).unwrap().as_str(), tag);
        }
        for text in ["", ".a", "-a", "a b", "a/b", "a:b", "a\n", "ä", "a%2f", "..", "a>", &"x".repeat(129)] {
            assert_eq!(Tag::parse(text).unwrap_err().code(), ErrorCode::ManifestInvalid, "{text}");
        }
    }
}
