//! `#commit`.

use super::message::begin;
use crate::{Cid, Did, Tid};

/// What a commit did to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoOp {
    /// `collection/rkey`.
    pub path: String,
    /// The record now; `None` if it was removed.
    pub cid: Option<Cid>,
    /// The record before; `None` if there was none.
    pub prev: Option<Cid>,
}

/// One commit of a repository (sync 1.1).
#[derive(Debug, Clone, Copy)]
pub struct CommitMessage<'a> {
    /// Its number in the stream.
    pub seq: i64,
    /// Whose repository.
    pub did: &'a Did,
    /// The commit.
    pub commit: &'a Cid,
    /// Its revision.
    pub rev: Tid,
    /// The revision before.
    pub since: Option<Tid>,
    /// A CAR file: the commit, the new records, and the nodes that prove the change.
    pub blocks: &'a [u8],
    /// What was done, each record once.
    pub ops: &'a [RepoOp],
    /// The root of the tree before.
    pub prev_data: Option<&'a Cid>,
    /// When, as RFC 3339 in UTC.
    pub time: &'a str,
}

impl RepoOp {
    /// `create`, `update` or `delete`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match (&self.prev, &self.cid) {
            (_, None) => "delete",
            (None, Some(_)) => "create",
            (Some(_), Some(_)) => "update",
        }
    }
}

impl CommitMessage<'_> {
    /// The message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin("#commit", self.blocks.len() + 512 + 192 * self.ops.len());
        writer.map(11 + usize::from(self.prev_data.is_some()));
        writer.text("ops").array(self.ops.len());
        for op in self.ops {
            writer.map(3 + usize::from(op.prev.is_some()));
            writer.text("cid").link_or_null(op.cid.as_ref());
            writer.text("path").text(&op.path);
            if let Some(prev) = &op.prev {
                writer.text("prev").link(prev);
            }
            writer.text("action").text(op.action());
        }
        writer.text("rev").text(&self.rev.to_string());
        writer.text("seq").integer(self.seq);
        writer.text("repo").text(self.did.as_str());
        writer.text("time").text(self.time);
        // Always empty in this version of the protocol.
        writer.text("blobs").array(0);
        writer.text("since");
        match self.since {
            Some(since) => writer.text(&since.to_string()),
            None => writer.null(),
        };
        writer.text("blocks").bytes(self.blocks);
        writer.text("commit").link(self.commit);
        // Of earlier versions of the protocol, and still required.
        writer.text("rebase").bool(false);
        writer.text("tooBig").bool(false);
        if let Some(prev_data) = self.prev_data {
            writer.text("prevData").link(prev_data);
        }
        writer.finish()
    }
}
