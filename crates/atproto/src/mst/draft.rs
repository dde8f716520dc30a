//! Changing a tree whose nodes are kept somewhere: only those on the way to a key are read, only those that differ are written.

use std::borrow::Cow;

use shrike::mst::{BlockSource, DetachedTree, MstError as Fault};

use crate::Cid;

/// Where the nodes of a tree are kept.
pub trait Nodes {
    /// The block of a node; `None` if there is none. An error ends the change with [`DraftError::Source`].
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError>;
}

/// Why a node could not be read.
pub type NodesError = Box<dyn std::error::Error + Send + Sync>;

/// A tree that is being changed.
pub struct Draft {
    tree: DetachedTree,
}

/// What a change amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The root from now on.
    pub root: Cid,
    /// The nodes that were not there before.
    pub added: Vec<(Cid, Vec<u8>)>,
    /// The nodes that the tree has no more, sorted.
    pub retired: Vec<Cid>,
}

/// Why a tree cannot be changed. The tree that is kept is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// `collection/rkey` it is not.
    #[error("{0:?} is not a key of a tree")]
    Key(String),
    /// A node is missing or damaged.
    #[error("the tree is damaged: {0}")]
    Damaged(String),
    /// The place where nodes are kept.
    #[error("a node cannot be read: {0}")]
    Source(#[source] NodesError),
}

impl Draft {
    /// A tree without keys.
    #[must_use]
    pub fn empty() -> Self {
        Self { tree: DetachedTree::new() }
    }

    /// The tree with this root. Nothing is read yet.
    #[must_use]
    pub fn of(root: Cid) -> Self {
        Self { tree: DetachedTree::load(root.to_library()) }
    }

    /// What a key stands for.
    pub fn get(&mut self, nodes: &dyn Nodes, key: &str) -> Result<Option<Cid>, DraftError> {
        Ok(self.tree.get(&Source(nodes), key)?.map(Cid::of_library))
    }

    /// Sets a key; what it stood for before.
    pub fn put(&mut self, nodes: &dyn Nodes, key: String, value: Cid) -> Result<Option<Cid>, DraftError> {
        Ok(self.tree.insert(&Source(nodes), key, value.to_library())?.map(Cid::of_library))
    }

    /// Removes a key; what it stood for.
    pub fn remove(&mut self, nodes: &dyn Nodes, key: &str) -> Result<Option<Cid>, DraftError> {
        Ok(self.tree.remove(&Source(nodes), key)?.map(Cid::of_library))
    }

    /// What has changed since the tree was opened or last finished.
    pub fn finish(&mut self) -> Result<Drafted, DraftError> {
        let written = self.tree.flush()?;
        Ok(Drafted {
            root: Cid::of_library(written.root),
            added: written.new_blocks.into_iter().map(|(cid, block)| (Cid::of_library(cid), block)).collect(),
            retired: written.retired.into_iter().map(Cid::of_library).collect(),
        })
    }

    /// The nodes that prove these keys and their neighbours on either side, in a tree that is finished: with them a change of
    /// the keys can be undone, and so checked, by whoever has nothing else (sync 1.1).
    pub fn covering<'k>(
        &mut self,
        nodes: &dyn Nodes,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<Vec<Cid>, DraftError> {
        let proof = self.tree.covering_proof(&Source(nodes), keys)?;
        Ok(proof.into_iter().map(Cid::of_library).collect())
    }

    /// The nodes on the way to a key, the root first, and what the key stands for.
    pub fn path(&self, nodes: &dyn Nodes, key: &str) -> Result<(Vec<Cid>, Option<Cid>), DraftError> {
        let mut path = Vec::new();
        let value = self.tree.search_path(&Source(nodes), key, &mut path)?;
        Ok((path.into_iter().map(Cid::of_library).collect(), value.map(Cid::of_library)))
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft")
    }
}

struct Source<'n>(&'n dyn Nodes);

impl BlockSource for Source<'_> {
    fn read_block(&self, cid: &shrike::cbor::Cid) -> Result<Option<Cow<'_, [u8]>>, Fault> {
        self.0.node(&Cid::of_library(*cid)).map_err(Fault::Storage)
    }
}

impl From<Fault> for DraftError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::InvalidKey(key) => Self::Key(crate::excerpt::excerpt(&key)),
            Fault::Storage(cause) => Self::Source(cause),
            other => Self::Damaged(other.to_string()),
        }
    }
}
