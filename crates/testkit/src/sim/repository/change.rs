//! What a commit did, as hosts tell it.

use bytes::Bytes;
use shrike::cbor::Cid;
use shrike::syntax::Tid;

/// One commit, with everything that proves it.
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) rev: Tid,
    /// The revision before.
    pub(crate) since: Tid,
    pub(crate) commit: Cid,
    /// The root of the tree before.
    pub(crate) before: Cid,
    pub(crate) ops: Vec<Op>,
    /// A CAR: the commit, the new records, the nodes that are new and those around the change.
    pub(crate) blocks: Bytes,
}

/// What became of one record.
#[derive(Clone)]
pub(crate) struct Op {
    /// `collection/rkey`.
    pub(crate) path: String,
    /// The record now.
    pub(crate) cid: Option<Cid>,
    /// The record before.
    pub(crate) prev: Option<Cid>,
}

impl Op {
    pub(crate) fn action(&self) -> &'static str {
        match (self.prev, self.cid) {
            (_, None) => "delete",
            (None, Some(_)) => "create",
            (Some(_), Some(_)) => "update",
        }
    }
}
