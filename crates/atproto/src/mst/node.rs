//! One node of a tree, checked against the rules and against its place.

use shrike::mst::{height_for_key, is_valid_key};

use super::{MstError, Rule};
use crate::Cid;
use crate::car::Blocks;
use crate::cbor::{Item, Malformed, Reader};

/// Largest node that is read. Nodes have four entries on average and, of real trees, never thousands.
pub const MAX_NODE_BYTES: usize = 256 << 10;

/// Longest key of a tree; a collection and a record key have at most 830 bytes together.
pub const MAX_KEY_BYTES: usize = 1024;

/// Bytes an entry has at least: its frame, one byte of key and a link.
const MIN_ENTRY_BYTES: usize = 50;

/// Keys of one layer in order, with the subtrees before, between and behind them.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Of its keys; every subtree is one layer below.
    pub(super) layer: u8,
    /// What comes before the first entry.
    left: Option<Cid>,
    pub(super) entries: Vec<Leaf>,
}

/// A record and the subtree that follows it.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) key: String,
    pub(super) value: Cid,
    right: Option<Cid>,
}

/// What the nodes above say about a node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'k> {
    /// `None` for a root, which may be of any layer.
    pub(super) layer: Option<u8>,
    /// The key that comes before all of the node's, if any does.
    pub(super) lower: Option<&'k str>,
    /// The key that comes behind all of them, if any does.
    pub(super) upper: Option<&'k str>,
}

impl Node {
    /// Reads the node `cid`, which must fit its place.
    pub(super) fn read(cid: Cid, place: Place<'_>, blocks: &Blocks) -> Result<Self, MstError> {
        let block = blocks.get(&cid).ok_or(MstError::Missing(cid))?;
        let broken = |rule| MstError::Broken { node: cid, rule };
        if block.len() > MAX_NODE_BYTES || !cid.is_dag_cbor() {
            return Err(broken(Rule::Block));
        }
        let mut node = Self::decode(block).map_err(broken)?;
        node.settle(place).map_err(broken)?;
        Ok(node)
    }

    /// The subtree behind the first `entries` entries.
    pub(super) fn subtree(&self, entries: usize) -> Option<Cid> {
        match entries.checked_sub(1) {
            None => self.left,
            Some(index) => self.entries.get(index)?.right,
        }
    }

    fn decode(cbor: &[u8]) -> Result<Self, Rule> {
        let mut reader = Reader::new(cbor);
        let Item::Map(2) = reader.item()? else { return Err(Rule::Shape("it has not two fields")) };
        field(&mut reader, "e")?;
        let Item::Array(count) = reader.item()? else { return Err(Rule::Shape("its entries are no array")) };
        let mut entries = Vec::with_capacity(count.min(reader.remaining() / MIN_ENTRY_BYTES));
        let mut previous = "";
        for _ in 0..count {
            entries.push(Leaf::decode(&mut reader, previous)?);
            previous = entries.last().map_or("", |leaf: &Leaf| &leaf.key);
        }
        field(&mut reader, "l")?;
        let left = subtree(&mut reader)?;
        reader.end()?;
        Ok(Self { layer: 0, left, entries })
    }

    /// Finds the node's layer, and whether it and the keys are what the place allows.
    fn settle(&mut self, place: Place<'_>) -> Result<(), Rule> {
        let mut layers = self.entries.iter().map(|leaf| height_for_key(&leaf.key));
        let own = layers.next();
        if layers.any(|layer| Some(layer) != own) {
            return Err(Rule::Layer);
        }
        self.layer = match (own, place.layer) {
            (Some(own), Some(below)) if own != below => return Err(Rule::Layer),
            (Some(own), _) => own,
            // Between two layers that have keys there may be some that have none.
            (None, Some(below)) if self.left.is_some() => below,
            (None, None) if self.left.is_none() => 0,
            (None, _) => return Err(Rule::Empty),
        };
        if self.layer == 0 && (self.left.is_some() || self.entries.iter().any(|leaf| leaf.right.is_some())) {
            return Err(Rule::Depth);
        }
        if let [first, ..] = &*self.entries
            && let [.., last] = &*self.entries
            && (place.lower.is_some_and(|lower| lower >= first.key.as_str())
                || place.upper.is_some_and(|upper| last.key.as_str() >= upper))
        {
            return Err(Rule::Order);
        }
        Ok(())
    }
}

impl Leaf {
    fn decode(reader: &mut Reader<'_>, previous: &str) -> Result<Self, Rule> {
        let Item::Map(4) = reader.item()? else { return Err(Rule::Shape("an entry has not four fields")) };
        field(reader, "k")?;
        let Item::Bytes(rest) = reader.item()? else { return Err(Rule::Shape("a key is not bytes")) };
        field(reader, "p")?;
        let Item::Unsigned(shared) = reader.item()? else {
            return Err(Rule::Shape("a prefix is not a length"));
        };
        field(reader, "t")?;
        let right = subtree(reader)?;
        field(reader, "v")?;
        let Item::Link(value) = reader.item()? else { return Err(Rule::Shape("a value is not a link")) };
        Ok(Self { key: key(previous, shared, rest)?, value, right })
    }
}

/// The key that shares its first bytes, and no more, with the one before, which it follows in order.
fn key(previous: &str, shared: u64, rest: &[u8]) -> Result<String, Rule> {
    let shared = usize::try_from(shared).unwrap_or(usize::MAX);
    // Valid keys are ASCII, so any cut is between characters.
    let prefix = previous.get(..shared).ok_or(Rule::Prefix)?;
    let behind = previous.as_bytes().get(shared);
    if behind.is_some() && behind == rest.first() {
        return Err(Rule::Prefix);
    }
    if prefix.len() + rest.len() > MAX_KEY_BYTES {
        return Err(Rule::Key);
    }
    let mut key = String::with_capacity(prefix.len() + rest.len());
    key.push_str(prefix);
    key.push_str(str::from_utf8(rest).map_err(|_| Rule::Key)?);
    if !is_valid_key(&key) {
        return Err(Rule::Key);
    }
    if !previous.is_empty() && behind >= rest.first() {
        return Err(Rule::Order);
    }
    Ok(key)
}

fn field(reader: &mut Reader<'_>, name: &str) -> Result<(), Rule> {
    if reader.item()? == Item::Text(name) { Ok(()) } else { Err(Rule::Shape("a field is out of place")) }
}

fn subtree(reader: &mut Reader<'_>) -> Result<Option<Cid>, Rule> {
    match reader.item()? {
        Item::Null => Ok(None),
        Item::Link(cid) => Ok(Some(cid)),
        _ => Err(Rule::Shape("a subtree is neither a link nor null")),
    }
}

impl From<Malformed> for Rule {
    fn from(Malformed(fault): Malformed) -> Self {
        Self::Shape(fault)
    }
}
