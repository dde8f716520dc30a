//! Why a commit of the stream is not believed.

use crate::car::CarError;
use crate::mst::{DraftError, MstError};
use crate::repo::RepoError;

/// A commit that must not be believed: its repository is to be fetched instead.
#[derive(Debug, thiserror::Error)]
pub enum CommitFault {
    /// Its blocks are none.
    #[error("its blocks cannot be read: {0}")]
    Car(#[from] CarError),
    /// The commit is not among its blocks.
    #[error("the commit is not among its blocks")]
    Missing,
    /// The commit is none.
    #[error("its commit cannot be read: {0}")]
    Repo(#[from] RepoError),
    /// Message and commit say different things.
    #[error("message and commit do not agree about {0}")]
    Disagrees(&'static str),
    /// An operation that the tree does not bear out.
    #[error("{path:?}: {what}")]
    Op {
        /// The path, shortened.
        path: String,
        /// What is wrong.
        what: &'static str,
    },
    /// The tree is none, or a node that decides is missing.
    #[error(transparent)]
    Tree(#[from] MstError),
    /// The operations cannot be undone with the nodes that are there.
    #[error("its operations cannot be undone: {0}")]
    Incomplete(#[from] DraftError),
    /// Undone, the operations lead to another tree than the one they are said to have changed.
    #[error("its operations, undone, do not lead back to the tree before")]
    Undone,
}

impl CommitFault {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Car(error) => error.reason(),
            Self::Missing => "missing_commit",
            Self::Repo(error) => error.reason(),
            Self::Disagrees(_) => "disagreement",
            Self::Op { .. } => "false_operation",
            Self::Tree(error) => error.reason(),
            Self::Incomplete(_) => "missing_proof",
            Self::Undone => "not_inductive",
        }
    }
}
