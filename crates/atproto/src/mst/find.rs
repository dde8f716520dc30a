//! Proofs that a key is in a tree, or is not.

use super::MstError;
use super::node::{Node, Place};
use crate::Cid;
use crate::car::Blocks;

/// The record `key` stands for; `None` if it is proven that the tree has no such key.
///
/// The nodes on the way to where the key is or would be are all looked at; one that is not there is
/// [`MstError::Missing`], which proves nothing either way.
pub fn find(root: Cid, key: &str, blocks: &Blocks) -> Result<Option<Cid>, MstError> {
    let (mut lower, mut upper): (Option<String>, Option<String>) = (None, None);
    let (mut cid, mut layer) = (root, None);
    loop {
        let place = Place { layer, lower: lower.as_deref(), upper: upper.as_deref() };
        let mut node = Node::read(cid, place, blocks)?;
        let before = match node.entries.binary_search_by(|leaf| leaf.key.as_str().cmp(key)) {
            Ok(index) => return Ok(Some(node.entries[index].value)),
            Err(before) => before,
        };
        match (node.subtree(before), node.layer.checked_sub(1)) {
            (Some(subtree), Some(below)) => (cid, layer) = (subtree, Some(below)),
            _ => return Ok(None),
        }
        if before < node.entries.len() {
            upper = Some(std::mem::take(&mut node.entries[before].key));
        }
        if let Some(index) = before.checked_sub(1) {
            lower = Some(std::mem::take(&mut node.entries[index].key));
        }
    }
}
