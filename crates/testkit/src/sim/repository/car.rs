//! Repositories and parts of them as CARs.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use shrike::car::{BlockRef, Writer};
use shrike::cbor::Cid;
use shrike::repo::{ProofError, record_proof_car};
use shrike::syntax::{Nsid, RecordKey};

use super::Snapshot;

impl Snapshot {
    /// All of it, as `com.atproto.sync.getRepo` serves it: the commit, the nodes in the order of their CIDs, the contents
    /// likewise. The protocol promises no order, and readers must not rely on one.
    pub(crate) fn export(&self) -> Bytes {
        let commit = std::iter::once((self.head.cid, &self.head.block));
        let nodes = self.nodes.iter().map(|(cid, block)| (*cid, block));
        let contents = self.contents.iter().map(|(cid, (content, _))| (*cid, &content.block));
        car(&[self.head.cid], commit.chain(nodes).chain(contents))
    }

    /// The commit, these nodes and these records, as `com.atproto.sync.subscribeRepos` has them.
    pub(super) fn slice(&self, nodes: &BTreeSet<Cid>, contents: &BTreeMap<Cid, Bytes>) -> Bytes {
        let nodes = nodes.iter().filter_map(|cid| Some((*cid, self.nodes.get(cid)?)));
        let contents = contents.iter().map(|(cid, block)| (*cid, block));
        let commit = std::iter::once((self.head.cid, &self.head.block));
        car(&[self.head.cid], commit.chain(nodes).chain(contents))
    }

    /// The commit alone.
    pub(crate) fn head(&self) -> Bytes {
        car(&[self.head.cid], std::iter::once((self.head.cid, &self.head.block)))
    }

    /// Blocks by their CIDs, as `com.atproto.sync.getBlocks` serves them; otherwise the CIDs that are unknown.
    pub(crate) fn blocks(&self, cids: &[Cid]) -> Result<Bytes, Vec<Cid>> {
        let missing: Vec<_> = cids.iter().filter(|cid| self.block(cid).is_none()).copied().collect();
        if missing.is_empty() {
            Ok(car(&[], cids.iter().filter_map(|cid| Some((*cid, self.block(cid)?)))))
        } else {
            Err(missing)
        }
    }

    /// The proof of a record or of its absence, as `com.atproto.sync.getRecord` serves it.
    pub(crate) fn proof(&self, collection: &Nsid, rkey: &RecordKey) -> Bytes {
        match record_proof_car(self, &self.head.cid, collection, rkey) {
            Ok(car) => car.into(),
            // A lying host leaves out what it does not have.
            Err(ProofError::MissingBlock(_) | ProofError::Mst(_)) => {
                car(&[self.head.cid], std::iter::once((self.head.cid, &self.head.block)))
            }
            Err(error) => panic!("no proof of {collection}/{rkey}: {error}"),
        }
    }
}

fn car<'a>(roots: &[Cid], blocks: impl Iterator<Item = (Cid, &'a Bytes)>) -> Bytes {
    let mut car = Vec::new();
    let mut writer = Writer::new(&mut car, roots).expect("memory can be written to");
    for (cid, data) in blocks {
        writer.write_block_ref(BlockRef { cid, data }).expect("memory can be written to");
    }
    car.into()
}
