//! What happened, as relays and hosts say it: written with nothing of ours.

use bytes::Bytes;
use data_encoding::BASE64_NOPAD;
use serde_json::{Value, json};
use shrike::cbor::Cid;
use shrike::cbor::json::{Integers, json_to_drisl};
use shrike::syntax::Tid;

use crate::sim::account::{Account, State};
use crate::sim::clock::rfc3339;
use crate::sim::repository::{Change, Op};

/// Who does something, and where they are.
pub(crate) struct By {
    pub(super) account: usize,
    pub(super) did: String,
    pub(super) host: usize,
}

impl By {
    pub(crate) fn of(account: &Account, state: &State) -> Self {
        Self { account: account.number, did: account.did.to_string(), host: state.host }
    }
}

/// Something that a host says of an account.
pub(crate) enum Said {
    Commit(Change),
    /// The repository is at this revision, whatever was said before; with a CAR of the commit alone.
    Sync {
        rev: Tid,
        head: Bytes,
    },
    Identity {
        handle: String,
    },
    Account {
        host: usize,
        status: Option<&'static str>,
        is_relayed: bool,
    },
}

/// A message.
pub(super) struct Frame {
    pub(super) seq: i64,
    pub(super) time_us: i64,
    pub(super) account: usize,
    pub(super) did: String,
    /// Who says so.
    pub(super) host: usize,
    /// Whether relays say so, too.
    pub(super) is_relayed: bool,
    pub(super) bytes: Bytes,
    /// Of commits.
    pub(super) change: Option<Change>,
}

impl Frame {
    pub(super) fn new(by: &By, time_us: i64, seq: i64, said: Said) -> Self {
        let did = by.did.as_str();
        let time = rfc3339(time_us);
        let (mut host, mut is_relayed, mut change) = (by.host, true, None);
        let bytes = match said {
            Said::Commit(it) => {
                let bytes = commit(did, seq, &time, &it, &it.ops);
                change = Some(it);
                bytes
            }
            Said::Sync { rev, head } => sync(did, seq, &time, rev, &head),
            Said::Identity { handle } => {
                message("#identity", &json!({ "did": did, "handle": handle, "seq": seq, "time": time }))
            }
            Said::Account { host: at, status, is_relayed: relayed } => {
                (host, is_relayed) = (at, relayed);
                let mut body = json!({ "active": status.is_none(), "did": did, "seq": seq, "time": time });
                if let Some(status) = status {
                    body["status"] = status.into();
                }
                message("#account", &body)
            }
        };
        Self { seq, time_us, account: by.account, did: by.did.clone(), host, is_relayed, bytes, change }
    }
}

/// A commit that is said to have done this.
pub(super) fn commit(did: &str, seq: i64, time: &str, change: &Change, ops: &[Op]) -> Bytes {
    let op = |op: &Op| {
        let mut written =
            json!({ "action": op.action(), "path": op.path, "cid": op.cid.map(|cid| link(&cid)) });
        if let Some(prev) = &op.prev {
            written["prev"] = link(prev);
        }
        written
    };
    message(
        "#commit",
        &json!({
            "seq": seq, "repo": did, "time": time, "rev": change.rev.to_string(),
            "since": change.since.to_string(), "commit": link(&change.commit), "prevData": link(&change.before),
            "ops": ops.iter().map(op).collect::<Vec<_>>(), "blobs": [], "blocks": bytes(&change.blocks),
            "rebase": false, "tooBig": false,
        }),
    )
}

pub(super) fn sync(did: &str, seq: i64, time: &str, rev: Tid, head: &Bytes) -> Bytes {
    message(
        "#sync",
        &json!({ "did": did, "seq": seq, "time": time, "rev": rev.to_string(), "blocks": bytes(head) }),
    )
}

/// About the stream itself.
pub(super) fn info(name: &str) -> Bytes {
    message("#info", &json!({ "name": name, "message": "as it is" }))
}

/// The last message of a stream.
pub(super) fn error(name: &str) -> Bytes {
    [drisl(&json!({ "op": -1 })), drisl(&json!({ "error": name, "message": "as it is" }))].concat().into()
}

pub(super) fn message(kind: &str, body: &Value) -> Bytes {
    [drisl(&json!({ "op": 1, "t": kind })), drisl(body)].concat().into()
}

fn link(cid: &Cid) -> Value {
    json!({ "$link": cid.to_string() })
}

fn bytes(bytes: &Bytes) -> Value {
    json!({ "$bytes": BASE64_NOPAD.encode(bytes) })
}

fn drisl(value: &Value) -> Vec<u8> {
    json_to_drisl(value, Integers::Safe).expect("a message of our own")
}
