//! What subscribers are told of a commit (sync 1.1).

use std::collections::HashSet;

use atproto::Cid;
use atproto::car::CarWriter;
use atproto::firehose::{CommitMessage, RepoOp};
use atproto::mst::Drafted;
use atproto::repo::{Commit, SignedBlock};
use store::Conn;

use super::tree::Change;
use super::{Base, stamp};
use crate::Error;
use crate::events::{self, Kind};
use crate::nodes::StoredNodes;

/// One commit.
pub(super) struct Told<'a> {
    pub(super) base: &'a Base,
    pub(super) commit: &'a Commit,
    pub(super) signed: &'a SignedBlock,
    pub(super) drafted: &'a Drafted,
}

impl Told<'_> {
    /// The commit, the nodes that are new, those that prove the change, and the records: enough to check it with nothing else.
    pub(super) fn blocks(
        &self,
        changes: &[Change<'_>],
        proof: &[Cid],
        nodes: &StoredNodes<'_, '_>,
    ) -> Result<Vec<u8>, Error> {
        let mut car = CarWriter::new(&self.signed.cid);
        car.block(&self.signed.cid, &self.signed.block);
        let mut told: HashSet<Cid> = HashSet::with_capacity(self.drafted.added.len());
        for (cid, block) in &self.drafted.added {
            car.block(cid, block);
            told.insert(*cid);
        }
        for cid in proof.iter().filter(|cid| !told.contains(cid)) {
            let block = nodes.block(cid)?;
            let missing = || Error::damaged(&self.commit.did, format!("the node {cid} is missing"));
            car.block(cid, &block.ok_or_else(missing)?);
        }
        for content in changes.iter().filter_map(|change| change.content) {
            if told.insert(content.cid) {
                car.block(&content.cid, &content.block);
            }
        }
        Ok(car.take())
    }

    pub(super) fn append(
        &self,
        conn: &mut Conn<'_>,
        changes: &[Change<'_>],
        blocks: &[u8],
        now: i64,
    ) -> Result<(), Error> {
        let ops: Vec<RepoOp> = changes.iter().map(|change| change.op.clone()).collect();
        let paths = ops.iter().map(|op| op.path.as_str()).collect::<Vec<_>>().join("\n");
        let (time, Commit { did, rev, .. }) = (stamp(now), self.commit);
        events::append(conn, did, Kind::Commit, *rev, &paths, now, |seq| {
            let message = CommitMessage {
                seq,
                did,
                commit: &self.signed.cid,
                rev: *rev,
                since: Some(self.base.rev),
                blocks,
                ops: &ops,
                prev_data: Some(&self.base.root),
                time: &time,
            };
            message.encode()
        })
    }
}
