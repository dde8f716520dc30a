//! Walks over a tree in key order.

use std::cmp::Ordering;

use super::MstError;
use super::node::{Node, Place};
use super::range::Range;
use crate::Cid;
use crate::car::Blocks;

/// Most nodes a walk names as missing at a time.
pub const MAX_MISSING: usize = 100;

/// Steps taken to find other nodes that are missing, once one is.
const MAX_STEPS_AHEAD: usize = 10_000;

/// A record in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `collection/rkey`, in the characters both may have; neither has been parsed.
    pub key: String,
    /// The record.
    pub value: Cid,
}

/// How far a walk has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// As many entries as were asked for; there may be more.
    More,
    /// These nodes are needed to go on: first the next one, then others that will be, each once, at most
    /// [`MAX_MISSING`].
    Missing(Vec<Cid>),
    /// The keys below the prefix have all been seen: the tree has no other.
    Done,
}

/// A walk in key order over the part of a tree below a prefix.
///
/// Subtrees in which no such key can be are never looked at and never [`Missing`](Step::Missing). The order
/// of keys from node to node makes endless trees impossible, and the layers bound their depth at 128; so a
/// walk takes time in proportion to the nodes that it passes.
#[derive(Debug, Clone)]
pub struct Walk {
    range: Range,
    /// Until it has been read.
    root: Option<Cid>,
    /// From the root to the node the walk is in.
    frames: Vec<Frame>,
    /// The last key the walk came by.
    last: Option<String>,
}

/// A node on the way, and how much of it is done.
#[derive(Debug, Clone)]
struct Frame {
    node: Node,
    /// What is next: the subtree behind the first n entries (2n), or the entry behind that (2n + 1).
    next: usize,
}

/// What one step comes by.
pub(super) enum Found {
    Entry(Entry),
    /// A node was entered or left, or an entry outside the range passed.
    Node,
    /// The walk stays before it. The layer of a root is not known.
    Missing {
        cid: Cid,
        layer: Option<u8>,
    },
    End,
}

impl Walk {
    /// A walk over the keys that begin with `prefix`: `com.example.note/`, or "" for all.
    #[must_use]
    pub fn new(root: Cid, prefix: &str) -> Self {
        Self { range: Range::new(prefix, None), root: Some(root), frames: Vec::new(), last: None }
    }

    /// The same from behind `key` on, whether or not the tree has that key.
    #[must_use]
    pub fn after(root: Cid, prefix: &str, key: &str) -> Self {
        Self { range: Range::new(prefix, Some(key)), ..Self::new(root, prefix) }
    }

    /// Goes on, adding at most `max` entries (at least one) to `entries`.
    ///
    /// What was added before an error was in its place in the tree; but a tree with an error is nobody's
    /// repository. The same error comes again when the walk is asked again.
    pub fn advance(
        &mut self,
        blocks: &Blocks,
        entries: &mut Vec<Entry>,
        max: usize,
    ) -> Result<Step, MstError> {
        let full = entries.len().saturating_add(max.max(1));
        while entries.len() < full {
            match self.step(blocks)? {
                Found::Entry(entry) => entries.push(entry),
                Found::Node => {}
                Found::Missing { cid, .. } => return Ok(Step::Missing(self.missing(cid, blocks))),
                Found::End => return Ok(Step::Done),
            }
        }
        Ok(Step::More)
    }

    /// The missing nodes from the one the walk stands before. A fault further on is for later, when the walk
    /// comes there.
    fn missing(&self, next: Cid, blocks: &Blocks) -> Vec<Cid> {
        let mut missing = vec![next];
        let mut ahead = self.clone();
        ahead.pass_over();
        for _ in 0..MAX_STEPS_AHEAD {
            match ahead.step(blocks) {
                Ok(Found::Entry(_) | Found::Node) => {}
                Ok(Found::Missing { cid, .. }) => {
                    if !missing.contains(&cid) {
                        missing.push(cid);
                    }
                    ahead.pass_over();
                }
                Ok(Found::End) | Err(_) => break,
            }
            if missing.len() == MAX_MISSING {
                break;
            }
        }
        missing
    }

    /// Leaves out the missing node the walk stands before.
    pub(super) fn pass_over(&mut self) {
        match self.frames.last_mut() {
            Some(frame) => frame.next += 1,
            None => self.root = None,
        }
    }

    pub(super) fn step(&mut self, blocks: &Blocks) -> Result<Found, MstError> {
        let Some(frame) = self.frames.last_mut() else {
            return match self.root {
                Some(root) => self.enter(root, None, blocks),
                None => Ok(Found::End),
            };
        };
        let entry = frame.next / 2;
        if frame.next.is_multiple_of(2) {
            match (frame.node.subtree(entry), frame.node.layer.checked_sub(1)) {
                (Some(subtree), Some(below)) => return self.enter(subtree, Some(below), blocks),
                _ => frame.next += 1,
            }
            return Ok(Found::Node);
        }
        let Some(leaf) = frame.node.entries.get_mut(entry) else {
            self.frames.pop();
            return Ok(Found::Node);
        };
        frame.next += 1;
        let last = self.last.get_or_insert_default();
        last.clone_from(&leaf.key);
        match self.range.place(last) {
            Ordering::Less => Ok(Found::Node),
            Ordering::Equal => {
                Ok(Found::Entry(Entry { key: std::mem::take(&mut leaf.key), value: leaf.value }))
            }
            Ordering::Greater => {
                self.frames.clear();
                Ok(Found::End)
            }
        }
    }

    /// Goes down to a node that comes next, unless nothing of it can be in the range.
    fn enter(&mut self, cid: Cid, layer: Option<u8>, blocks: &Blocks) -> Result<Found, MstError> {
        let lower = self.last.as_deref();
        let upper = self.frames.iter().rev().find_map(|frame| frame.node.entries.get(frame.next / 2));
        let upper = upper.map(|leaf| leaf.key.as_str());
        if !self.range.may_lie_between(lower, upper) {
            self.pass_over();
            return Ok(Found::Node);
        }
        match Node::read(cid, Place { layer, lower, upper }, blocks) {
            Ok(node) => {
                self.pass_over();
                self.frames.push(Frame { node, next: 0 });
                Ok(Found::Node)
            }
            Err(MstError::Missing(cid)) => Ok(Found::Missing { cid, layer }),
            Err(broken) => Err(broken),
        }
    }
}
