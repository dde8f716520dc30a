//! The stream of hosts and relays: real windows of it, published sequences, and lies.

mod claims;
mod lies;
mod scenarios;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use atproto::car::{Blocks, Limits};
use atproto::crypto::{PrivateKey, PublicKey};
use atproto::data::record::decode;
use atproto::firehose::{Action, Continuity, Frame, Head, Link, ReceivedCommit};
use atproto::mst::{Draft, Nodes, NodesError};
use atproto::repo::{Commit, RepoError};
use atproto::{Cid, Did};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::repo::{compressed_json, keys};
use crate::vectors;

/// The messages of a compressed file of frames.
pub(crate) fn frames(path: &str) -> Vec<Bytes> {
    let file = zstd::decode_all(&*vectors::bytes(path)).unwrap();
    vectors::split(&file).into_iter().map(Bytes::from).collect()
}

fn decoded(path: &str) -> Vec<Frame> {
    frames(path).iter().map(|frame| Frame::decode(frame).unwrap()).collect()
}

/// A commit that is the account's.
fn verified(commit: &ReceivedCommit, key_of: &impl Fn(&Did) -> PublicKey) -> (Commit, Blocks, bool) {
    let proof = commit.prove().unwrap();
    let stranger = PrivateKey::generate_k256();
    assert_eq!(proof.signed.clone().verify(stranger.public()), Err(RepoError::Signature));
    (proof.signed.verify(&key_of(&commit.did)).unwrap(), proof.blocks, proof.is_complete)
}

/// As Jetstream tells it, but for the time at which it was seen.
fn told(commit: &ReceivedCommit, blocks: &Blocks) -> Vec<Value> {
    let one = |op: &atproto::firehose::ReceivedOp| {
        let (collection, rkey) = op.path.split_once('/').unwrap();
        let mut told = json!({ "rev": commit.rev.to_string(), "collection": collection, "rkey": rkey });
        told["operation"] = match op.action {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
        .into();
        if let Some(cid) = op.cid {
            let record = decode(blocks.get(&cid).unwrap(), &atproto::data::Limits::default()).unwrap();
            told["cid"] = cid.to_string().into();
            told["record"] = serde_json::from_str(&record.json).unwrap();
        }
        json!({ "did": commit.did.as_str(), "commit": told })
    };
    commit.ops.iter().map(one).collect()
}

#[test]
fn a_window_of_the_network_is_what_its_jetstream_served() {
    let key_of = keys(compressed_json("did-documents/corpus.json.zst"));
    let (mut commits, mut events, mut others) = (0, Vec::new(), Vec::new());
    let mut before = 0;
    for frame in decoded("firehose/relay.frames.zst") {
        let seq = frame.seq().unwrap();
        assert!(seq > before);
        before = seq;
        match frame {
            Frame::Commit(commit) => {
                let (_, blocks, is_complete) = verified(&commit, &key_of);
                assert!(is_complete);
                commits += 1;
                events.extend(told(&commit, &blocks));
            }
            Frame::Identity { did, .. } => others.push(("identity", did.to_string())),
            Frame::Account { did, account, .. } => {
                assert!(account.active);
                others.push(("account", did.to_string()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((commits, others.len()), (148, 2));
    let (mut expected, mut expected_others) = (Vec::new(), Vec::new());
    for line in vectors::lines("jetstream/expected_v1.jsonl") {
        let mut event: Value = serde_json::from_str(&line).unwrap();
        let did = event["did"].as_str().unwrap().to_owned();
        match event["kind"].as_str().unwrap() {
            "commit" => expected.push(json!({ "did": did, "commit": event["commit"].take() })),
            "identity" => expected_others.push(("identity", did)),
            other => {
                assert_eq!(other, "account");
                expected_others.push(("account", did));
            }
        }
    }
    let key = |event: &Value| event.to_string();
    events.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(events, expected);
    assert_eq!(others.into_iter().collect::<BTreeSet<_>>(), expected_others.into_iter().collect());
}

/// The stream of a host from its beginning: each commit goes on where the last one of its repository ended.
#[test]
fn a_host_that_was_followed_from_the_beginning_shows_no_gap() {
    let key_of = keys(vectors::json("did-documents/capture.json"));
    let mut heads: HashMap<Did, Head> = HashMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for frame in decoded("firehose/capture.frames.zst") {
        match frame {
            Frame::Commit(received) => {
                *kinds.entry("commit").or_default() += 1;
                let proof = received.prove().unwrap();
                if let Some(head) = heads.get(&received.did) {
                    assert_eq!(head.judge(&Link::of(&received, &proof)), Continuity::Next);
                }
                let commit = proof.signed.verify(&key_of(&received.did)).unwrap();
                heads.insert(received.did, Head::of(&commit));
            }
            Frame::Sync(sync) => {
                *kinds.entry("sync").or_default() += 1;
                let commit = sync.prove().unwrap().verify(&key_of(&sync.did)).unwrap();
                let head = heads.get(&sync.did);
                assert!(head.is_none_or(|head| *head == Head::of(&commit)), "nothing was left out");
            }
            Frame::Identity { .. } => *kinds.entry("identity").or_default() += 1,
            Frame::Account { account, .. } => {
                *kinds.entry(if account.active { "active" } else { "gone" }).or_default() += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    let counts = [("active", 5), ("commit", 43), ("gone", 1), ("identity", 5), ("sync", 5)];
    assert_eq!(kinds, BTreeMap::from(counts));
}

#[test]
fn a_stream_that_ends_says_why() {
    for message in vectors::messages("firehose/errors.frames") {
        let frame = Frame::decode(&message.into()).unwrap();
        assert!(matches!(&frame, Frame::Error { error, .. } if error == "FutureCursor"), "{frame:?}");
        assert_eq!(frame.seq(), None);
    }
}

struct Kept(HashMap<Cid, Vec<u8>>);

impl Nodes for Kept {
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError> {
        Ok(self.0.get(cid).map(|block| Cow::Borrowed(&**block)))
    }
}

/// A commit over two trees that others published, with the nodes that they say prove it.
fn commit_of(root: Cid, before: Cid, changes: &[(Action, String, Cid)], nodes: &Kept) -> ReceivedCommit {
    let key = PrivateKey::generate_k256();
    let did = Did::parse("did:plc:aliceaaaaaaaaaaaaaaaaaaa").unwrap();
    let rev = atproto::Tid::new(1_700_000_000_000_000, 1).unwrap();
    let signed = Commit { did: did.clone(), rev, data: root }.sign(&key);
    let mut blocks: Vec<(Cid, Vec<u8>)> = nodes.0.iter().map(|(cid, node)| (*cid, node.clone())).collect();
    blocks.push((signed.cid, signed.block));
    let op = |(action, path, value): &(Action, String, Cid)| {
        let (cid, prev) = match action {
            Action::Delete => (None, Some(*value)),
            _ => (Some(*value), None),
        };
        atproto::firehose::ReceivedOp { action: *action, path: path.clone(), cid, prev }
    };
    ReceivedCommit {
        seq: 1,
        did,
        commit: signed.cid,
        rev,
        since: None,
        blocks: crate::blocks::car(&[signed.cid], &blocks),
        ops: changes.iter().map(op).collect(),
        prev_data: Some(before),
        too_big: false,
        time: None,
    }
}

/// What another project found to be enough to undo each change of 128 trees, is enough here.
#[test]
fn published_proofs_of_changes_are_enough_to_undo_them() {
    let record = |text: &str| (Cid::dag_cbor_sha256(text.as_bytes()), text.as_bytes().to_vec());
    let mut nodes = HashMap::new();
    let mut trees = Vec::new();
    let mut cars = Vec::new();
    for car in vectors::messages("mst/exhaustive.cars") {
        let mut blocks = Blocks::new(Limits::default());
        trees.push(blocks.add(car.clone().into()).unwrap()[0]);
        cars.push(blocks);
        nodes.extend(every_block(&car));
    }
    let numbered: BTreeMap<String, Cid> = nodes.keys().map(|cid| (cid.to_string(), *cid)).collect();
    let numbered: Vec<Cid> = numbered.into_values().collect();
    let mut undone = 0;
    for line in vectors::lines("mst/exhaustive.jsonl") {
        let diff: Value = serde_json::from_str(&line).unwrap();
        let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let (from, to) = (at(&diff["from"]), at(&diff["to"]));
        let list = |field: &str, action, tree: usize| -> Vec<(Action, String, Cid)> {
            let paths = diff[field].as_array().unwrap().iter().map(|path| path.as_str().unwrap());
            paths
                .map(|path| {
                    let value = atproto::mst::find(trees[tree], path, &cars[tree]).unwrap().unwrap();
                    (action, path.to_owned(), value)
                })
                .collect()
        };
        let changes = [list("added", Action::Create, to), list("removed", Action::Delete, from)].concat();
        let mut proof: HashMap<Cid, Vec<u8>> = diff["proof"]
            .as_array()
            .unwrap()
            .iter()
            .map(|number| (numbered[at(number)], nodes[&numbered[at(number)]].clone()))
            .collect();
        if changes.is_empty() {
            continue;
        }
        let (mut draft, kept) = (Draft::of(trees[to]), Kept(proof.clone()));
        for (action, path, value) in changes.iter().rev() {
            match action {
                Action::Delete => draft.put(&kept, path.clone(), *value).unwrap(),
                _ => draft.remove(&kept, path).unwrap(),
            };
        }
        assert_eq!(draft.finish().unwrap().root, trees[from], "{line}");
        // The same as a commit would carry it, whose records are there as well.
        proof.insert(record("").0, record("").1);
        let commit = commit_of(trees[to], trees[from], &changes, &Kept(proof));
        let missing = commit.prove().map(|proof| proof.is_complete);
        let without_records =
            matches!(&missing, Err(error) if error.to_string().ends_with("the record is missing"));
        assert!(without_records || matches!(missing, Ok(true)), "{missing:?} {line}");
        undone += 1;
    }
    assert!(undone > 800, "{undone}");
}

fn every_block(car: &[u8]) -> Vec<(Cid, Vec<u8>)> {
    shrike::car::read_all(car)
        .unwrap()
        .1
        .into_iter()
        .map(|block| (crate::blocks::ours(block.cid), block.data))
        .collect()
}
