//! What a commit proves of itself (sync 1.1).
//!
//! A commit carries the blocks that are new and those that surround them. From them follows, without anything that is known already: that
//! each operation left the tree as it says, and what the tree was before all of them. If that is what is known of the repository, nothing
//! was left out; and if the signature is the account's, nothing was made up.

use std::borrow::Cow;

use bytes::Bytes;

use super::{Action, CommitFault, MAX_COMMIT_BYTES, ReceivedCommit, ReceivedOp, ReceivedSync};
use crate::Cid;
use crate::car::{Blocks, Limits};
use crate::excerpt::excerpt;
use crate::mst::{Draft, Nodes, NodesError, find};
use crate::repo::{Commit, SignedCommit};

/// More blocks than a commit of two megabytes can need.
const MAX_BLOCKS: usize = 20_000;

/// A commit that agrees with itself. Whose it is, is for its signature to say.
#[derive(Debug, Clone)]
pub struct Proof {
    /// To be verified with the key of the account.
    pub signed: SignedCommit,
    /// The records among them.
    pub blocks: Blocks,
    /// Whether the operations, undone, lead back to the tree before; where a host does not say what was before, nobody knows what it left
    /// out.
    pub is_complete: bool,
}

impl ReceivedCommit {
    /// Looks whether the blocks bear out what the message says.
    pub fn prove(&self) -> Result<Proof, CommitFault> {
        let (signed, blocks) = opened(self.blocks.clone(), Some(self.commit))?;
        let commit = signed.unverified();
        if commit.did != self.did {
            return Err(CommitFault::Disagrees("the DID"));
        }
        if commit.rev != self.rev {
            return Err(CommitFault::Disagrees("the revision"));
        }
        if self.since.is_some_and(|since| since >= self.rev) {
            return Err(CommitFault::Disagrees("the revision before"));
        }
        let mut paths: Vec<&str> = self.ops.iter().map(|op| &*op.path).collect();
        paths.sort_unstable();
        if paths.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(CommitFault::Disagrees("the operations: one record is there twice"));
        }
        for op in &self.ops {
            op.prove(commit, &blocks)?;
        }
        let is_complete = match &self.prev_data {
            Some(before) if self.ops.iter().all(ReceivedOp::says_what_was) => {
                if undone(commit.data, &self.ops, &blocks)? != *before {
                    return Err(CommitFault::Undone);
                }
                true
            }
            _ => false,
        };
        Ok(Proof { signed, blocks, is_complete })
    }

    /// The commit alone, whatever the message says of it: to find out whether a message that proves nothing is at least by the account.
    pub fn signed(&self) -> Result<SignedCommit, CommitFault> {
        let (signed, _) = opened(self.blocks.clone(), Some(self.commit))?;
        if signed.unverified().did == self.did { Ok(signed) } else { Err(CommitFault::Disagrees("the DID")) }
    }
}

impl ReceivedSync {
    /// Looks whether the block is the commit that the message speaks of.
    pub fn prove(&self) -> Result<SignedCommit, CommitFault> {
        let (signed, _) = opened(self.blocks.clone(), None)?;
        let Commit { did, rev, .. } = signed.unverified();
        match (*did == self.did, *rev == self.rev) {
            (true, true) => Ok(signed),
            (true, false) => Err(CommitFault::Disagrees("the revision")),
            (false, _) => Err(CommitFault::Disagrees("the DID")),
        }
    }
}

impl ReceivedOp {
    /// Whether it says enough to be undone.
    fn says_what_was(&self) -> bool {
        self.action == Action::Create || self.prev.is_some()
    }

    /// Looks whether the tree is as the operation left it.
    fn prove(&self, commit: &Commit, blocks: &Blocks) -> Result<(), CommitFault> {
        let wrong = |what| CommitFault::Op { path: excerpt(&self.path), what };
        match (self.action, &self.cid, &self.prev) {
            (Action::Create, Some(_), Some(_)) => return Err(wrong("what is new was there before")),
            (Action::Create | Action::Update, None, _) => return Err(wrong("it names no record")),
            (Action::Delete, Some(_), _) => return Err(wrong("what is gone has a record")),
            _ => {}
        }
        let found = find(commit.data, &self.path, blocks)?;
        match (found, self.cid) {
            (Some(found), Some(said)) if found != said => {
                return Err(wrong("the tree has another record there"));
            }
            (None, Some(_)) => return Err(wrong("the tree has no record there")),
            (Some(_), None) => return Err(wrong("the tree still has a record there")),
            _ => {}
        }
        if self.cid.is_some_and(|cid| blocks.get(&cid).is_none()) {
            return Err(wrong("the record is missing"));
        }
        Ok(())
    }
}

/// The commit at the root of a CAR file, and the file's blocks.
fn opened(car: Bytes, expected: Option<Cid>) -> Result<(SignedCommit, Blocks), CommitFault> {
    let mut blocks = Blocks::new(Limits { bytes: MAX_COMMIT_BYTES, blocks: MAX_BLOCKS });
    let roots = blocks.add(car)?;
    let root = *roots.first().ok_or(CommitFault::Disagrees("the root of its blocks"))?;
    if expected.is_some_and(|expected| expected != root) {
        return Err(CommitFault::Disagrees("the root of its blocks"));
    }
    let block = blocks.get(&root).ok_or(CommitFault::Missing)?;
    Ok((Commit::decode(block)?, blocks))
}

/// The root of the tree before these operations. What was deleted is put back first, so that the nodes that come together when what is new
/// is taken out are those of the proof.
fn undone(data: Cid, ops: &[ReceivedOp], blocks: &Blocks) -> Result<Cid, CommitFault> {
    let (mut tree, nodes) = (Draft::of(data), Proven(blocks));
    let (gone, others): (Vec<_>, Vec<_>) = ops.iter().partition(|op| op.action == Action::Delete);
    for op in gone.into_iter().chain(others) {
        match op.prev {
            Some(before) => tree.put(&nodes, op.path.clone(), before)?,
            None => tree.remove(&nodes, &op.path)?,
        };
    }
    Ok(tree.finish()?.root)
}

struct Proven<'b>(&'b Blocks);

impl Nodes for Proven<'_> {
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError> {
        Ok(self.0.get(cid).map(Cow::Borrowed))
    }
}
