//! A repository at one commit, with all its blocks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use shrike::cbor::json::{Integers, drisl_to_json_into, json_to_drisl};
use shrike::cbor::{Cid, Codec};
use shrike::mst::{BlockSource, MstError};
use shrike::syntax::{Did, Tid};

/// What a host serves.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(super) did: Did,
    pub(super) head: Head,
    /// The nodes of the tree.
    pub(super) nodes: BTreeMap<Cid, Bytes>,
    /// By `collection/rkey`.
    pub(super) records: BTreeMap<String, Cid>,
    /// The records' contents, and under how many keys each is.
    pub(super) contents: BTreeMap<Cid, (Content, usize)>,
}

/// A signed commit.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) cid: Cid,
    pub(super) block: Bytes,
    pub(super) rev: Tid,
    pub(super) data: Cid,
}

/// A record in both its forms.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) cid: Cid,
    pub(crate) block: Bytes,
    pub(crate) json: Arc<str>,
}

impl Content {
    /// The forms of a record.
    pub(crate) fn of(record: &Value) -> Self {
        let block = json_to_drisl(record, Integers::Safe).expect("a record that a repository can hold");
        let mut json = Vec::new();
        drisl_to_json_into(&block, &mut json).expect("what was just encoded");
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        Self { cid: Cid::compute(Codec::Drisl, &block), block: block.into(), json: json.into() }
    }
}

impl Snapshot {
    pub(crate) fn did(&self) -> &str {
        self.did.as_str()
    }

    pub(crate) fn rev(&self) -> Tid {
        self.head.rev
    }

    pub(crate) fn commit(&self) -> Cid {
        self.head.cid
    }

    /// The record at `collection/rkey`.
    pub(crate) fn record(&self, path: &str) -> Option<&Content> {
        self.contents.get(self.records.get(path)?).map(|(content, _)| content)
    }

    /// The records of a collection with their keys, in the order of these.
    pub(crate) fn collection(&self, collection: &str) -> impl DoubleEndedIterator<Item = (&str, &Content)> {
        self.between(collection, Bound::Unbounded, Bound::Unbounded)
    }

    /// The records of a collection whose keys are within bounds, in their order.
    pub(crate) fn between(
        &self,
        collection: &str,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> impl DoubleEndedIterator<Item = (&str, &Content)> {
        let length = collection.len() + 1;
        let path = |bound: Bound<&str>, end: Bound<String>| match bound {
            Bound::Unbounded => end,
            bound => bound.map(|rkey| format!("{collection}/{rkey}")),
        };
        // '0' follows '/'.
        let from = path(from, Bound::Included(format!("{collection}/")));
        let to = path(to, Bound::Excluded(format!("{collection}0")));
        self.records.range((from, to)).map(move |(path, cid)| (&path[length..], &self.contents[cid].0))
    }

    /// The collections that have records, in their order.
    pub(crate) fn collections(&self) -> Vec<&str> {
        let mut collections: Vec<_> = self
            .records
            .keys()
            .filter_map(|path| path.split_once('/'))
            .map(|(collection, _)| collection)
            .collect();
        collections.dedup();
        collections
    }

    pub(super) fn put(&mut self, path: String, content: Content) {
        self.remove(&path);
        self.records.insert(path, content.cid);
        self.contents.entry(content.cid).or_insert((content, 0)).1 += 1;
    }

    pub(super) fn remove(&mut self, path: &str) {
        let Some(cid) = self.records.remove(path) else { return };
        if let Some((_, uses)) = self.contents.get_mut(&cid) {
            *uses -= 1;
            if *uses == 0 {
                self.contents.remove(&cid);
            }
        }
    }

    pub(super) fn block(&self, cid: &Cid) -> Option<&Bytes> {
        if *cid == self.head.cid {
            return Some(&self.head.block);
        }
        self.nodes.get(cid).or_else(|| self.contents.get(cid).map(|(content, _)| &content.block))
    }
}

impl BlockSource for Snapshot {
    fn read_block(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, MstError> {
        Ok(self.block(cid).map(|block| Cow::Borrowed(&**block)))
    }
}
