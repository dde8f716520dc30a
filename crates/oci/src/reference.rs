//! How a manifest is asked for.

use std::fmt;

use crate::text::text_impls;
use crate::{Digest, Error, Tag};

/// What a manifest goes by: its digest, or a tag that may move.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// What it is.
    Digest(Digest),
    /// What somebody called it.
    Tag(Tag),
}

text_impls!(Reference);

impl Reference {
    /// Reads a reference: with a colon it is a digest, without one a tag.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.contains(':') {
            Digest::parse(text).map(Self::Digest)
        } else {
            Tag::parse(text).map(Self::Tag)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(f),
            Self::Tag(tag) => tag.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn a_colon_makes_a_digest() {
        let code = |text| Reference::parse(text).unwrap_err().code();
        assert_eq!(code("sha256:baddigeststring"), ErrorCode::DigestInvalid);
        assert_eq!(code("a:b"), ErrorCode::DigestInvalid);
        assert_eq!(code("-"), ErrorCode::ManifestInvalid);
        assert!(matches!(Reference::parse("sha256"), Ok(Reference::Tag(_))));
    }
}
