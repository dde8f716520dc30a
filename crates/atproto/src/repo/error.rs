//! Why a commit is refused.

use crate::SyntaxError;

/// A commit that must not be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepoError {
    /// Larger than any commit.
    #[error("the commit is {bytes} bytes long, at most {limit} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// No DAG-CBOR of the shape of a commit.
    #[error("this is not a commit: {0}")]
    NotACommit(&'static str),
    /// A version that is not known.
    #[error("the commit has version {0}, only 2 and 3 are known")]
    Version(u64),
    /// A DID or revision that is none.
    #[error("the commit has {0}")]
    Syntax(#[from] SyntaxError),
    /// A signature by another key, of another commit, or in its high-S form.
    #[error("the signature of the commit is not by the account's signing key")]
    Signature,
}

impl RepoError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotACommit(_) => "not_a_commit",
            Self::Version(_) => "commit_version",
            Self::Syntax(_) => "commit_syntax",
            Self::Signature => "bad_signature",
        }
    }
}
