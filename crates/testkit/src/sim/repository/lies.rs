//! Repositories as lying hosts have them.

use bytes::Bytes;
use serde_json::{Value, json};
use shrike::cbor::Cid;
use shrike::repo::Commit;
use shrike::syntax::Tid;

use super::{Content, Key, Repository, Snapshot};

/// How far ahead the revision of a liar is: five years, in microseconds.
const AHEAD: u64 = 5 * 365 * 86_400 * 1_000_000;

impl Snapshot {
    /// The same, signed with another key.
    pub(crate) fn signed_by(&self, key: &Key) -> Self {
        let mut lie = self.clone();
        lie.sign(self.head.data, self.head.rev, key);
        lie
    }

    /// The same, years ahead.
    pub(crate) fn in_the_future(&self, key: &Key) -> Self {
        let mut lie = self.clone();
        let rev = Tid::new(self.head.rev.timestamp_micros() + AHEAD, 0).expect("a time in this century");
        lie.sign(self.head.data, rev, key);
        lie
    }

    /// The same, but the first record of each collection has a content that its CID does not name.
    pub(crate) fn with_wrong_content(&self) -> Self {
        let mut lie = self.clone();
        for collection in self.collections() {
            let Some((_, right)) = self.collection(collection).next() else { continue };
            let mut wrong = changed(right);
            wrong.cid = right.cid;
            if let Some((content, _)) = lie.contents.get_mut(&right.cid) {
                *content = wrong;
            }
        }
        lie
    }

    /// The same without one node of the tree: not the root, if there is another.
    pub(crate) fn without_a_node(&self) -> Self {
        let mut lie = self.clone();
        let root = self.head.data;
        let left_out: Cid = self.nodes.keys().find(|cid| **cid != root).copied().unwrap_or(root);
        lie.nodes.remove(&left_out);
        lie
    }

    /// Every record changed, with a tree that fits; the signature is that of the true tree.
    pub(crate) fn forged(&self, key: &Key) -> Self {
        let records =
            self.records.iter().map(|(path, cid)| (path.clone(), changed(&self.contents[cid].0))).collect();
        let mut lie = Repository::new(self.did.as_str(), records, self.head.rev, key).now;
        let truth = Commit::from_cbor(&self.head.block).expect("what was signed before");
        let forged = Commit { data: lie.head.data, ..truth };
        let block: Bytes = forged.to_cbor().expect("a commit with a signature").into();
        lie.head.cid = Cid::compute(shrike::cbor::Codec::Drisl, &block);
        lie.head.block = block;
        lie
    }
}

fn changed(content: &Content) -> Content {
    let mut record: Value = serde_json::from_str(&content.json).expect("a record");
    record["text"] = json!("never written");
    record["forged"] = json!(content.cid.to_string());
    Content::of(&record)
}
