//! Why a tree is not believed.

use crate::Cid;

/// What is wrong with a tree, or missing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MstError {
    /// A node that decides the question is not among the blocks.
    #[error("the tree's node {0} is missing")]
    Missing(Cid),
    /// A node that no repository has: the tree is no evidence of anything.
    #[error("the tree's node {node} breaks a rule: {rule}")]
    Broken {
        /// The node in which it was noticed.
        node: Cid,
        /// The rule.
        rule: Rule,
    },
}

/// The rules of a Merkle search tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Its block is a blob, or larger than a node may be.
    #[error("a node is a block of DAG-CBOR of at most a megabyte")]
    Block,
    /// Its fields, and theirs.
    #[error("a node is a map of entries and a left link, and nothing else: {0}")]
    Shape(&'static str),
    /// What an entry shares with the one before it.
    #[error("an entry leaves out exactly what its key has in common with the key before")]
    Prefix,
    /// `collection/rkey`, in the characters these are written in.
    #[error("a key is a collection, a slash and a record key")]
    Key,
    /// Within the node and between what surrounds it in the nodes above.
    #[error("keys ascend")]
    Order,
    /// The hash of a key decides the layer of its node.
    #[error("a key belongs to the layer its hash says")]
    Layer,
    /// A node without entries is there only to lead one layer further down.
    #[error("only the root of an empty tree is empty, and no root only leads to another node")]
    Empty,
    /// Nothing is below layer 0.
    #[error("the lowest layer has no nodes below it")]
    Depth,
}

impl MstError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing_node",
            Self::Broken { rule, .. } => match rule {
                Rule::Block => "node_block",
                Rule::Shape(_) => "node_shape",
                Rule::Prefix => "node_prefix",
                Rule::Key => "node_key",
                Rule::Order => "node_order",
                Rule::Layer => "node_layer",
                Rule::Empty => "node_empty",
                Rule::Depth => "node_depth",
            },
        }
    }
}
