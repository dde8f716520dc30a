//! Repositories: CAR files, trees, commits and records in DAG-CBOR.

use std::collections::HashMap;

use bytes::Bytes;
use shrike::mst::DetachedTree;

use super::check_message;
use crate::Cid;
use crate::car::{Blocks, Limits};
use crate::crypto::PrivateKey;
use crate::data::{self, record};
use crate::firehose::{Frame, MAX_COMMIT_BYTES, MAX_FRAME_BYTES, MAX_OPS};
use crate::mst::{Entry, MAX_MISSING, Step, Walk, estimate, find};
use crate::repo::Commit;

/// What the links of a tree made for [`mst_walk`] begin with.
const LINK: [u8; 4] = [1, 0x71, 0x12, 0x20];

/// Of any file only true blocks are kept, within the limits; and a file that was refused is refused again.
pub fn car(input: &[u8]) {
    let limits = Limits { bytes: 64 << 10, blocks: 100 };
    let mut blocks = Blocks::new(limits);
    let added = blocks.add(Bytes::copy_from_slice(input));
    assert!(blocks.len() <= limits.blocks && blocks.bytes() <= limits.bytes);
    match &added {
        Ok(roots) => {
            for root in roots {
                assert!(blocks.get(root).is_none_or(|content| root.is_of(content)));
            }
        }
        Err(error) => check_message(&error.to_string(), error.reason()),
    }
    assert_eq!(Blocks::new(limits).add(Bytes::copy_from_slice(input)), added);
}

/// A message of a host means one thing; what a commit is found to prove is in its blocks, and no stranger has signed it.
pub fn firehose_frame(input: &[u8]) {
    let bytes = Bytes::copy_from_slice(input);
    let frame = match Frame::decode(&bytes) {
        Ok(frame) => frame,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(input.len() <= MAX_FRAME_BYTES && frame.seq().is_none_or(|seq| seq >= 0));
    assert_eq!(Frame::decode(&bytes).as_ref(), Ok(&frame), "a message means one thing");
    let stranger = PrivateKey::k256(&[1; 32]).expect("a key");
    match frame {
        Frame::Commit(commit) => match commit.prove() {
            Ok(proof) => {
                assert!(commit.ops.len() <= MAX_OPS && commit.blocks.len() <= MAX_COMMIT_BYTES);
                let data = proof.signed.unverified().data;
                for op in &commit.ops {
                    assert_eq!(find(data, &op.path, &proof.blocks), Ok(op.cid));
                    assert!(op.cid.is_none_or(|cid| proof.blocks.get(&cid).is_some()));
                }
                assert!(proof.signed.verify(stranger.public()).is_err());
            }
            Err(fault) => check_message(&fault.to_string(), fault.reason()),
        },
        Frame::Sync(sync) => match sync.prove() {
            Ok(signed) => assert!(signed.verify(stranger.public()).is_err()),
            Err(fault) => check_message(&fault.to_string(), fault.reason()),
        },
        _ => {}
    }
}

/// A walk ends, and its keys ascend; if it came to the end of a tree, every key is found there, the walk over
/// a part is a part of it, and another implementation reads the same.
///
/// The input is `[u16 little-endian length][block]…`, the root last. No fuzzer finds hashes, so a link that
/// begins with the number of an earlier block is made to lead there.
pub fn mst_walk(input: &[u8]) {
    let (nodes, blocks) = linked(input);
    let Some((root, _)) = nodes.last() else { return };
    let mut walk = Walk::new(*root, "");
    let mut entries = Vec::new();
    let step = loop {
        let before = entries.len();
        match walk.advance(&blocks, &mut entries, 3) {
            Ok(Step::More) => assert_eq!(entries.len(), before + 3),
            end => break end,
        }
    };
    assert!(entries.is_sorted_by(|a: &Entry, b| a.key < b.key));
    match step {
        Err(error) => return check_message(&error.to_string(), error.reason()),
        Ok(Step::Missing(missing)) => {
            assert!(!missing.is_empty() && missing.len() <= MAX_MISSING);
            assert!(missing.iter().all(|cid| blocks.get(cid).is_none()));
            return;
        }
        Ok(_) => {}
    }
    assert_eq!(estimate(*root, "", &blocks), Ok(entries.len() as u64));
    for entry in &entries {
        assert_eq!(find(*root, &entry.key, &blocks), Ok(Some(entry.value)));
        assert_eq!(
            find(*root, &format!("{}~", entry.key), &blocks).map(|found| found.is_some()),
            Ok(entries.iter().any(|other| other.key == format!("{}~", entry.key)))
        );
    }
    if let Some(middle) = entries.get(entries.len() / 2) {
        let mut rest = Vec::new();
        let end = Walk::after(*root, "", &middle.key).advance(&blocks, &mut rest, usize::MAX);
        assert_eq!((end, &*rest), (Ok(Step::Done), &entries[entries.len() / 2 + 1..]));
    }
    let source: HashMap<_, &[u8]> = nodes.iter().map(|(cid, node)| (theirs(*cid), &**node)).collect();
    let read = DetachedTree::load(theirs(*root)).entries(&source).expect("a sound tree");
    let ours = entries.iter().map(|entry| (entry.key.clone(), theirs(entry.value)));
    assert!(read.into_iter().eq(ours), "another implementation reads another tree");
}

fn theirs(cid: Cid) -> shrike::cbor::Cid {
    shrike::cbor::Cid::from_bytes(&cid.to_bytes()).expect("a CID of ours")
}

fn linked(mut input: &[u8]) -> (Vec<(Cid, Vec<u8>)>, Blocks) {
    let mut nodes: Vec<(Cid, Vec<u8>)> = Vec::new();
    let mut car = b"\x11\xa2\x65roots\x80\x67version\x01".to_vec();
    while let Some((length, rest)) = input.split_first_chunk() {
        let length = rest.len().min(usize::from(u16::from_le_bytes(*length)));
        let mut node = rest[..length].to_vec();
        input = &rest[length..];
        for at in 0..node.len().saturating_sub(35) {
            if node[at..].starts_with(&LINK)
                && let Some((cid, _)) = nodes.get(usize::from(node[at + 4]))
            {
                node[at..at + 36].copy_from_slice(&cid.to_bytes());
            }
        }
        let cid = Cid::dag_cbor_sha256(&node);
        // Two bytes of length are enough, and three would be the longest; the shortest form is wanted.
        let mut size = node.len() + 36;
        while size >= 0x80 {
            car.push(u8::try_from(size & 0x7f).unwrap_or_default() | 0x80);
            size >>= 7;
        }
        car.push(u8::try_from(size).unwrap_or_default());
        car.extend(cid.to_bytes());
        car.extend(&node);
        nodes.push((cid, node));
    }
    let mut blocks = Blocks::new(Limits::default());
    blocks.add(car.into()).expect("a file of true blocks");
    (nodes, blocks)
}

/// A commit is read to the same parts again, and no key that did not sign it verifies it.
pub fn commit(input: &[u8]) {
    let signed = match Commit::decode(input) {
        Ok(signed) => signed,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    let theirs = shrike::repo::Commit::from_cbor(input).expect("a commit is one for others, too");
    let commit = signed.unverified();
    assert_eq!((commit.did.as_str(), commit.rev.to_string()), (theirs.did.as_str(), theirs.rev.to_string()));
    assert_eq!(commit.data.to_bytes(), theirs.data.to_bytes());
    let stranger = PrivateKey::k256(&[7; 32]).expect("a scalar");
    assert!(signed.verify(stranger.public()).is_err());
}

/// A record that decodes is stored as it would be had it come as JSON, with the same references.
pub fn record_cbor(input: &[u8]) {
    let limits = data::Limits::default();
    let decoded = match record::decode(input, &limits) {
        Ok(decoded) => decoded,
        Err(error) => return check_message(&error.to_string(), error.reason()),
    };
    assert!(decoded.json.len() <= limits.bytes);
    let inspected = record::inspect(decoded.json.as_bytes(), &limits).expect("storable JSON");
    // One with fractions is printed anew, which puts its fields into another order.
    assert_eq!(tree(&inspected.text), tree(&decoded.json));
    assert_eq!(inspected.refs, decoded.refs);
    // JSON does not tell 0.0, which no record may have, from 0.
    if let Ok(cid) = inspected.cid
        && !decoded.json.contains(char::REPLACEMENT_CHARACTER)
        && !has_fractions(&tree(&decoded.json))
    {
        assert!(cid.is_of(input), "the JSON of a record is another record");
    }
}

fn tree(json: &str) -> serde_json::Value {
    data::parse(json.as_bytes(), &data::Limits::default()).expect("storable JSON")
}

fn has_fractions(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Number(number) => number.is_f64(),
        serde_json::Value::Array(items) => items.iter().any(has_fractions),
        serde_json::Value::Object(fields) => fields.values().any(has_fractions),
        _ => false,
    }
}
