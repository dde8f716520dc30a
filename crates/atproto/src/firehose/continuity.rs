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

/// Where a commit leads, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The head that it makes.
    pub to: Head,
    /// What it goes on from.
    pub from: Before,
}

/// What was before a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// This tree: proven.
    Data(Cid),
    /// This revision, by the word of the host; nobody knows what it left out.
    Rev(Tid),
    /// Nothing is known.
    Unknown,
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

    /// What a commit is to this head.
    #[must_use]
    pub fn judge(&self, link: &Link) -> Continuity {
        let goes_on = match link.from {
            Before::Data(data) => data == self.data,
            Before::Rev(rev) => rev == self.rev,
            Before::Unknown => false,
        };
        match goes_on {
            _ if link.to.rev <= self.rev => Continuity::Stale,
            true => Continuity::Next,
            false => Continuity::Gap,
        }
    }
}

impl Link {
    /// Of a commit that has been proven.
    #[must_use]
    pub fn of(received: &ReceivedCommit, proof: &Proof) -> Self {
        let from = match (received.prev_data, received.since) {
            _ if received.too_big => Before::Unknown,
            (Some(data), _) if proof.is_complete => Before::Data(data),
            (_, Some(rev)) => Before::Rev(rev),
            (_, None) => Before::Unknown,
        };
        Self { to: Head::of(proof.signed.unverified()), from }
    }

    /// Of a commit that a repository is said to be at: it goes on from wherever the tree is the same.
    #[must_use]
    pub fn to(commit: &Commit) -> Self {
        Self { to: Head::of(commit), from: Before::Data(commit.data) }
    }
}
