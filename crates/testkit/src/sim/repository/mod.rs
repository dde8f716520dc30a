//! An account's repository: tree and commits, made as the protocol says.

mod car;
mod change;
mod lies;
mod snapshot;

pub(super) use change::{Change, Op};
pub(super) use snapshot::{Content, Snapshot};

use std::collections::{BTreeMap, BTreeSet};

use shrike::cbor::Cid;
use shrike::mst::DetachedTree;
use shrike::repo::Commit;
use shrike::syntax::{Did, Tid};

use super::key::Key;
use snapshot::Head;

/// A repository that can be written to.
pub(super) struct Repository {
    tree: DetachedTree,
    now: Snapshot,
}

impl Repository {
    /// A repository with these records (`collection/rkey`), committed at `rev`.
    pub(super) fn new(did: &str, records: Vec<(String, Content)>, rev: Tid, key: &Key) -> Self {
        let did = Did::try_from(did).expect("a DID");
        let now = Snapshot {
            head: Head { cid: Cid::zeroed(), block: bytes::Bytes::new(), rev, data: Cid::zeroed() },
            did,
            nodes: BTreeMap::new(),
            records: BTreeMap::new(),
            contents: BTreeMap::new(),
        };
        let mut repository = Self { tree: DetachedTree::new(), now };
        repository.write(
            records.into_iter().map(|(path, content)| (path, Some(content))).collect(),
            rev,
            key,
        );
        repository
    }

    /// As it is served now.
    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.now
    }

    /// Puts and deletes (`None`) records, each once, and signs the result; what is to be told of it.
    pub(super) fn commit(&mut self, writes: Vec<(String, Option<Content>)>, rev: Tid, key: &Key) -> Change {
        let before = &self.now.head;
        let (since, before) = (before.rev, before.data);
        let mut ops = Vec::with_capacity(writes.len());
        let mut contents = BTreeMap::new();
        for (path, content) in &writes {
            contents.extend(content.as_ref().map(|content| (content.cid, content.block.clone())));
            let cid = content.as_ref().map(|content| content.cid);
            ops.push(Op { path: path.clone(), cid, prev: self.now.records.get(path).copied() });
        }
        let new = self.write(writes, rev, key);
        // What is new, and what somebody needs to undo it who has nothing else.
        let around = self.tree.covering_proof(&self.now, ops.iter().map(|op| op.path.as_str()));
        let mut nodes: BTreeSet<Cid> = around.expect("a tree that is all here").into_iter().collect();
        nodes.extend(new);
        let blocks = self.now.slice(&nodes, &contents);
        Change { rev, since, commit: self.now.head.cid, before, ops, blocks }
    }

    /// The same without a word; the nodes that are new.
    fn write(&mut self, writes: Vec<(String, Option<Content>)>, rev: Tid, key: &Key) -> Vec<Cid> {
        for (path, content) in writes {
            match content {
                Some(content) => {
                    self.tree.insert(&self.now, path.clone(), content.cid).expect("a tree that is all here");
                    self.now.put(path, content);
                }
                None => {
                    self.tree.remove(&self.now, &path).expect("a tree that is all here");
                    self.now.remove(&path);
                }
            }
        }
        let flushed = self.tree.flush().expect("a tree that is all here");
        for cid in &flushed.retired {
            self.now.nodes.remove(cid);
        }
        let new = flushed.new_blocks.iter().map(|(cid, _)| *cid).collect();
        self.now.nodes.extend(flushed.new_blocks.into_iter().map(|(cid, block)| (cid, block.into())));
        self.now.sign(flushed.root, rev, key);
        new
    }
}

impl Snapshot {
    /// Signs a tree.
    fn sign(&mut self, data: Cid, rev: Tid, key: &Key) {
        let signed = Commit::create_signed(self.did.clone(), rev, data, key.signing())
            .expect("a commit can be signed");
        self.head = Head { cid: signed.cid, block: signed.bytes.into(), rev, data };
    }
}
