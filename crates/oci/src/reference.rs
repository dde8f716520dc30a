//! How a manifest is asked for.

use std::fmt;

use crate::text::text_impls;
use crate::{Algorithm, Digest, Error, ErrorCode, Tag};

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

    /// The digest that `manifest` is stored under when it is put here: the one that was named, which has to be its own, and
    /// SHA-256 for a tag. Of other content the named one is 400 `DIGEST_INVALID`.
    pub fn digest_of(&self, manifest: &[u8]) -> Result<Digest, Error> {
        let named = match self {
            Self::Tag(_) => return Ok(Digest::of(Algorithm::Sha256, manifest)),
            Self::Digest(named) => *named,
        };
        match Digest::of(named.algorithm(), manifest) {
            own if own == named => Ok(own),
            own => Err(Error::new(ErrorCode::DigestInvalid, format!("this manifest's digest is {own}"))),
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

    #[test]
    fn a_colon_makes_a_digest() {
        let code = |text| Reference::parse(text).unwrap_err().code();
        assert_eq!(code("sha256:baddigeststring"), ErrorCode::DigestInvalid);
        assert_eq!(code("a:b"), ErrorCode::DigestInvalid);
        assert_eq!(code("-"), ErrorCode::ManifestInvalid);
        assert!(matches!(Reference::parse("sha256"), Ok(Reference::Tag(_))));
    }

    #[test]
    fn a_manifest_is_what_it_is_named() {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::of(algorithm, b"{}");
            assert_eq!(Reference::Digest(digest).digest_of(b"{}"), Ok(digest));
            let error = Reference::Digest(digest).digest_of(b"{}  ").unwrap_err();
            assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::DigestInvalid, 400));
        }
        let tag = Reference::parse("latest").unwrap();
        assert_eq!(tag.digest_of(b"{}"), Ok(Digest::of(Algorithm::Sha256, b"{}")));
    }
}
