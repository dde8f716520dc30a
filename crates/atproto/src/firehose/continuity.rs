//! Whether a commit goes on where a repository was left.

use super::{Proof, ReceivedCommit};
use crate::repo::Commit;
use crate::{Cid, Tid};

/// Where a repository is, as far as it has been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its revision.
    pub rev: Tid,
    /// The root of its tree.
    pub data: Cid,
}

/// What a commit is to somebody who knows the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// It comes next.
    Next,
    /// It has been seen, or something later has.
    Stale,
    /// Something between has not been seen: the repository is to be fetched.
    Gap,
}

impl Head {
    /// The head that a commit makes.
    #[must_use]
    pub fn of(commit: &Commit) -> Self {
        Self { rev: commit.rev, data: commit.data }
    }

    /// What a commit that has been proven is to this head. Of one that does not say what was before, only the revision before tells.
    #[must_use]
    pub fn judge(&self, commit: &ReceivedCommit, proof: &Proof) -> Continuity {
        let goes_on = match &commit.prev_data {
            Some(before) if proof.is_complete => *before == self.data,
            _ => commit.since == Some(self.rev) && !commit.too_big,
        };
        match goes_on {
            _ if commit.rev <= self.rev => Continuity::Stale,
            true => Continuity::Next,
            false => Continuity::Gap,
        }
    }
}
