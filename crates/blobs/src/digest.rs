//! What bytes are addressed by: the hash of their content (spec/registry.md §1.3).

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use data_encoding::HEXLOWER;

/// How content is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// What everybody uses.
    Sha256,
    /// What some ask for.
    Sha512,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 2] = [Self::Sha256, Self::Sha512];

    /// As digests begin.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Of a hash, in bytes.
    const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// `sha256:` or `sha512:` and the hash in lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    /// Zeros follow a hash that is shorter.
    hash: [u8; 64],
}

impl Digest {
    /// How the content was hashed.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn hash(&self) -> &[u8] {
        &self.hash[..self.algorithm.length()]
    }

    fn new(algorithm: Algorithm, hash: &[u8]) -> Option<Self> {
        let mut whole = [0; 64];
        if hash.len() != algorithm.length() {
            return None;
        }
        whole[..hash.len()].copy_from_slice(hash);
        Some(Self { algorithm, hash: whole })
    }
}

/// What is no digest.
#[derive(Debug, thiserror::Error)]
#[error("a digest is sha256: and 64, or sha512: and 128 lower-case hexadecimal digits")]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let (name, hex) = text.split_once(':').ok_or(NoDigest)?;
        let algorithm = Algorithm::ALL.into_iter().find(|known| known.name() == name).ok_or(NoDigest)?;
        if hex.len() != 2 * algorithm.length() {
            return Err(NoDigest);
        }
        let hash = HEXLOWER.decode(hex.as_bytes()).map_err(|_| NoDigest)?;
        Self::new(algorithm, &hash).ok_or(NoDigest)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), HEXLOWER.encode(self.hash()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Hashes content as it comes.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    context: Context,
}

impl Hasher {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        let context = match algorithm {
            Algorithm::Sha256 => Context::new(&SHA256),
            Algorithm::Sha512 => Context::new(&SHA512),
        };
        Self { algorithm, context }
    }

    /// How it hashes.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes what comes next.
    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    /// The digest of all that came.
    #[must_use]
    pub fn finish(self) -> Digest {
        let found = self.context.finish();
        let mut hash = [0; 64];
        hash[..self.algorithm.length()].copy_from_slice(found.as_ref());
        Digest { algorithm: self.algorithm, hash }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_the_algorithms_say() {
        let empty = Hasher::new(Algorithm::Sha256).finish().to_string();
        assert_eq!(empty, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let mut long = Hasher::new(Algorithm::Sha512);
        long.update(b"{}");
        let long = long.finish();
        assert_eq!(long.to_string().len(), "sha512:".len() + 128);
        assert_eq!(long.to_string().parse::<Digest>().unwrap(), long);
    }

    #[test]
    fn nothing_else_is_one() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for text in [
            String::new(),
            hex.to_owned(),
            format!("sha256:{}", hex.to_uppercase()),
            format!("sha256:{hex}00"),
            format!("sha512:{hex}"),
            format!("sha384:{hex}"),
            format!("SHA256:{hex}"),
            format!("sha256:{}", &hex[2..]),
            format!("sha256:../{}", &hex[3..]),
            "sha256:baddigeststring".to_owned(),
        ] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
