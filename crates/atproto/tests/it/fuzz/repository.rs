//! CAR files, trees, commits and records.

use atproto::fuzzing;

use super::holds;
use crate::blocks::{car, tree, value};
use crate::vectors;

#[test]
fn car_file() {
    let blocks: Vec<_> = ["one", "two"].map(|text| (value(text), text.as_bytes().to_vec())).into();
    let files = ["empty", "tiny", "rsky"].map(|name| vectors::bytes(&format!("cars/{name}.car")));
    holds(fuzzing::car, [vec![car(&[blocks[0].0], &blocks).to_vec()], files.into()].concat());
}

/// The nodes of a tree, children first, with links that say by number which node they mean.
fn numbered(mut nodes: Vec<(atproto::Cid, Vec<u8>)>) -> Vec<u8> {
    let (mut input, mut done): (Vec<u8>, Vec<atproto::Cid>) = (Vec::new(), Vec::new());
    let holds = |node: &[u8], cid: &atproto::Cid| node.windows(36).position(|bytes| bytes == cid.to_bytes());
    while !nodes.is_empty() {
        let ready =
            nodes.iter().position(|(_, node)| nodes.iter().all(|(cid, _)| holds(node, cid).is_none()));
        let (cid, mut node) = nodes.remove(ready.unwrap());
        for (number, child) in done.iter().enumerate() {
            if let Some(at) = holds(&node, child) {
                node[at + 4] = u8::try_from(number).unwrap();
            }
        }
        done.push(cid);
        input.extend(u16::try_from(node.len()).unwrap().to_le_bytes());
        input.extend(node);
    }
    input
}

#[test]
fn mst_walk() {
    let keys: Vec<String> = vectors::lines("mst/example_keys.txt");
    let trees =
        [1, 5, 12, 30, keys.len()].map(|count| numbered(tree(keys[..count].iter().map(String::as_str)).1));
    holds(fuzzing::mst_walk, trees.into());
}

#[test]
fn commit() {
    let commits = ["corpus", "tiny", "rsky", "greenground"].map(|name| {
        let (roots, blocks) = crate::blocks::read(&format!("cars/{name}.car"));
        blocks.get(&roots[0]).unwrap().to_vec()
    });
    holds(fuzzing::commit, commits.into());
}

#[test]
fn firehose_frame() {
    let host = crate::firehose::frames("firehose/capture.frames.zst");
    let (errors, some) = (vectors::messages("firehose/errors.frames"), host.iter().step_by(6));
    holds(fuzzing::firehose_frame, some.map(|frame| frame.to_vec()).chain(errors).collect());
}

#[test]
fn record_cbor() {
    let (roots, blocks) = crate::blocks::read("cars/corpus.car");
    let commit = atproto::repo::Commit::decode(blocks.get(&roots[0]).unwrap()).unwrap();
    let mut entries = Vec::new();
    atproto::mst::Walk::new(commit.unverified().data, "").advance(&blocks, &mut entries, usize::MAX).unwrap();
    let mut records: Vec<Vec<u8>> =
        entries.iter().map(|entry| blocks.get(&entry.value).unwrap().to_vec()).collect();
    records.push(b"\xa3\x61a\xfb\x3f\xf8\0\0\0\0\0\0\x61b\x42\x01\x02\x61\0\x67at://\0x".to_vec());
    records.push(b"\xa2\x61a\xa1\x65$link\x61b\x61c\xa1\x66$bytes\x61b".to_vec());
    // Fields that are not in the order of their names, and a fraction.
    records.push(b"\xa2\x62;\x04\xfb\0\0\0\0\0://\x61\x02\0".to_vec());
    holds(fuzzing::record_cbor, records);
}
