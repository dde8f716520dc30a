//! Sequences of messages that another project published with what is to become of each.

use std::collections::HashMap;

use atproto::crypto::PublicKey;
use atproto::event_stream::FrameError;
use atproto::firehose::{Continuity, Frame, Head, Link, ReceivedCommit};
use atproto::{Cid, Did};
use bytes::Bytes;
use data_encoding::BASE64_NOPAD;
use serde_json::Value;

use crate::vectors;

/// The beginning of a value: its kind, and a number in its shortest form.
fn head(to: &mut Vec<u8>, kind: u8, number: usize) {
    let bytes = u64::try_from(number).unwrap().to_be_bytes();
    let (short, length) = match number {
        0..24 => (bytes[7], 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    to.push((kind << 5) | short);
    to.extend(&bytes[8 - length..]);
}

/// As DAG-CBOR. The order of keys is that of JSON here, which readers of streams do not look at.
fn encode(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.push(0xf6),
        Value::Bool(is) => to.push(if *is { 0xf5 } else { 0xf4 }),
        Value::Number(number) => head(to, 0, usize::try_from(number.as_u64().unwrap()).unwrap()),
        Value::String(text) => {
            head(to, 3, text.len());
            to.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(to, 4, items.len());
            for item in items {
                encode(item, to);
            }
        }
        Value::Object(object) => {
            if let Some(link) = object.get("$link") {
                to.extend([0xd8, 42, 0x58, 37, 0]);
                to.extend(Cid::parse(link.as_str().unwrap()).unwrap().to_bytes());
            } else if let Some(bytes) = object.get("$bytes") {
                let bytes =
                    BASE64_NOPAD.decode(bytes.as_str().unwrap().trim_end_matches('=').as_bytes()).unwrap();
                head(to, 2, bytes.len());
                to.extend(bytes);
            } else {
                head(to, 5, object.len());
                for (name, value) in object {
                    head(to, 3, name.len());
                    to.extend(name.as_bytes());
                    encode(value, to);
                }
            }
        }
    }
}

fn frame(parts: [&Value; 2]) -> Result<Frame, FrameError> {
    let mut bytes = Vec::new();
    for part in parts {
        encode(part, &mut bytes);
    }
    Frame::decode(&Bytes::from(bytes))
}

/// Somebody who follows one host and keeps what is needed to judge the next message.
#[derive(Default)]
struct Follower {
    seq: i64,
    keys: HashMap<Did, PublicKey>,
    active: HashMap<Did, bool>,
    heads: HashMap<Did, Head>,
    gaps: usize,
}

impl Follower {
    /// Whether the message counts.
    fn takes(&mut self, frame: &Frame) -> bool {
        let seq = frame.seq().unwrap();
        if seq <= self.seq {
            return false;
        }
        self.seq = seq;
        match frame {
            Frame::Commit(commit) => self.takes_commit(commit),
            Frame::Sync(sync) => {
                let commit = sync.prove().unwrap().verify(&self.keys[&sync.did]).unwrap();
                self.heads.insert(sync.did.clone(), Head::of(&commit));
                true
            }
            Frame::Account { did, account, .. } => {
                self.active.insert(did.clone(), account.active);
                true
            }
            Frame::Identity { .. } => true,
            other => panic!("{other:?}"),
        }
    }

    fn takes_commit(&mut self, received: &ReceivedCommit) -> bool {
        if !self.active[&received.did] {
            return false;
        }
        let Ok(proof) = received.prove() else { return false };
        let verdict = self.heads.get(&received.did).map(|head| head.judge(&Link::of(received, &proof)));
        let commit = proof.signed.verify(&self.keys[&received.did]).unwrap();
        match verdict {
            Some(Continuity::Stale) => return false,
            Some(Continuity::Gap) => self.gaps += 1,
            Some(Continuity::Next) | None => {}
        }
        self.heads.insert(received.did.clone(), Head::of(&commit));
        true
    }
}

#[test]
fn each_message_counts_where_it_is_said_to() {
    let mut judged = 0;
    for (name, gaps) in [
        ("account_lifecycle", 0),
        // What was written while the account was off is missing.
        ("deactivation", 1),
        ("legacy", 0),
        ("post_lifecycle", 0),
        // A window with a hole in it.
        ("post_lifecycle_legacy", 1),
        ("rev_ordering", 0),
        ("seq_ordering", 0),
    ] {
        let scenario = vectors::json(&format!("firehose/{name}.json"));
        let mut follower = Follower::default();
        for account in scenario["accounts"].as_array().unwrap() {
            let did = Did::parse(account["identity"]["did"].as_str().unwrap()).unwrap();
            let key = account["identity"]["keys"]["atproto"]["publicKeyMultibase"].as_str().unwrap();
            follower.keys.insert(did.clone(), PublicKey::parse_multikey(key).unwrap());
            follower.active.insert(did, account["status"] == "active");
        }
        for message in scenario["messages"].as_array().unwrap() {
            let frame = frame([&message["frame"]["header"], &message["frame"]["body"]]);
            let is_taken = frame.is_ok_and(|frame| follower.takes(&frame));
            assert_eq!(is_taken, message["drop"] == false, "{name}: {message}");
            judged += 1;
        }
        assert_eq!(follower.gaps, gaps, "{name}");
    }
    assert_eq!(judged, 35);
}

/// Commits of the time before hosts said what was before, one of them of many operations: proven as far as they go.
#[test]
fn commits_of_older_hosts_prove_what_is_there_and_not_that_it_is_all() {
    for (name, operations) in [("4621317030", 1), ("4621317332", 1), ("4621332152", 42), ("4623075231", 1)] {
        let body = vectors::json(&format!("firehose/commit_{name}.json"));
        let Ok(Frame::Commit(commit)) = frame([&serde_json::json!({ "op": 1, "t": "#commit" }), &body])
        else {
            panic!("{name}")
        };
        assert_eq!(commit.ops.len(), operations, "{name}");
        assert!(!commit.prove().unwrap().is_complete, "{name}");
    }
}
