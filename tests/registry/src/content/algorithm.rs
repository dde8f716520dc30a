//! The two algorithms that digests are made with.

use std::fmt;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use data_encoding::HEXLOWER;

/// An algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// What every server must know.
    Sha256,
    /// What it may know, and ours does.
    Sha512,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sha512];

    /// The digest of some bytes, `sha256:…`.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> String {
        let algorithm = match self {
            Self::Sha256 => &SHA256,
            Self::Sha512 => &SHA512,
        };
        format!("{self}:{}", HEXLOWER.encode(digest(algorithm, bytes).as_ref()))
    }

    /// The algorithm that a digest was made with.
    #[must_use]
    pub fn of(digest: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| digest.starts_with(&format!("{algorithm}:")))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        })
    }
}
