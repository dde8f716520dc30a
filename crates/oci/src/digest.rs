//! Names of content: a hash function and its result.

use std::fmt;

use data_encoding::HEXLOWER;

use crate::text::text_impls;
use crate::{Algorithm, Error, ErrorCode, Tag};

/// `<algorithm>:<hexadecimal digits>`, in lower case (spec/registry.md §1.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// A SHA-256.
    Sha256([u8; 32]),
    /// A SHA-512.
    Sha512([u8; 64]),
}

text_impls!(Digest);

impl Digest {
    /// Reads a digest. Everything that is not exactly one is 400 `DIGEST_INVALID`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (algorithm, encoded) = text.split_once(':').ok_or_else(malformed)?;
        match Algorithm::parse(algorithm)? {
            Algorithm::Sha256 => Ok(Self::Sha256(decode(encoded)?)),
            Algorithm::Sha512 => Ok(Self::Sha512(decode(encoded)?)),
        }
    }

    /// The digest of `bytes`, which are all there. For a stream there is the [`Hasher`](crate::Hasher).
    #[must_use]
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        Self::from_hash(algorithm, aws_lc_rs::digest::digest(algorithm.function(), bytes).as_ref())
    }

    /// What a hash function of this crate gave, which is as long as it has to be.
    pub(crate) fn from_hash(algorithm: Algorithm, hash: &[u8]) -> Self {
        fn array<const N: usize>(hash: &[u8]) -> [u8; N] {
            let mut array = [0; N];
            array.copy_from_slice(hash);
            array
        }
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(array(hash)),
            Algorithm::Sha512 => Self::Sha512(array(hash)),
        }
    }

    /// The hash function.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// The hash itself: 32 or 64 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(hash) => hash,
            Self::Sha512(hash) => hash,
        }
    }

    /// The hexadecimal digits: what is left of the text after the colon.
    #[must_use]
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(self.as_bytes())
    }

    /// The tag under which clients that do not know the referrers API keep what refers to this
    /// (spec/registry.md §1.8): the algorithm and at most 64 digits.
    #[must_use]
    pub fn referrers_tag(&self) -> Tag {
        let mut encoded = self.to_hex();
        encoded.truncate(64);
        Tag::from_checked(format!("{}-{encoded}", self.algorithm()))
    }
}

fn malformed() -> Error {
    Error::new(
        ErrorCode::DigestInvalid,
        "a digest is written sha256: and 64, or sha512: and 128 hexadecimal digits in lower case",
    )
}

fn decode<const N: usize>(encoded: &str) -> Result<[u8; N], Error> {
    let mut hash = [0; N];
    if encoded.len() != 2 * N {
        return Err(malformed());
    }
    match HEXLOWER.decode_mut(encoded.as_bytes(), &mut hash) {
        Ok(_) => Ok(hash),
        Err(_) => Err(malformed()),
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm(), HEXLOWER.encode_display(self.as_bytes()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_content() {
        let empty = Digest::of(Algorithm::Sha256, b"");
        assert_eq!(
            empty.to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let object = Digest::of(Algorithm::Sha256, b"{}").to_string();
        assert!(object.starts_with("sha256:44136fa3") && object.ends_with("caaff8a"));
        for digest in [empty, Digest::of(Algorithm::Sha512, b"{}")] {
            assert_eq!(Digest::parse(&digest.to_string()).unwrap(), digest);
            let json = serde_json::to_string(&digest).unwrap();
            assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        }
    }

    #[test]
    fn refuses_everything_else() {
        let hex = "a".repeat(64);
        for text in [
            "",
            ":",
            "sha256",
            "sha256:",
            "sha256:baddigeststring",
            &hex,
            &format!("sha256:{}", &hex[1..]),
            &format!("sha256:{hex}a"),
            &format!("sha256:{}", hex.to_uppercase()),
            &format!("sha256:{}g", &hex[1..]),
            &format!("sha256:{}ä", &hex[2..]),
            &format!(" sha256:{hex}"),
            &format!("sha256:{hex}\n"),
            &format!("SHA256:{hex}"),
            &format!("sha512:{hex}"),
            &format!("sha384:{hex}"),
            &format!("md5:{hex}"),
            "sha256:../../../../etc/passwd",
        ] {
            let error = Digest::parse(text).unwrap_err();
            assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::DigestInvalid, 400), "{text}");
        }
    }

    #[test]
    fn has_a_tag_for_what_refers_to_it() {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::of(algorithm, b"subject");
            let tag = digest.referrers_tag();
            assert_eq!(Tag::parse(tag.as_str()).unwrap(), tag);
            assert_eq!(tag.as_str(), format!("{algorithm}-{}", &digest.to_hex()[..64]));
        }
    }
}
