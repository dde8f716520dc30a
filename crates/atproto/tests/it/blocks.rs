//! Blocks, CAR files and trees made by others' code: the independent writer.

use atproto::Cid;
use atproto::car::{Blocks, Limits};
use bytes::Bytes;
use shrike::car::{Block, write_all};
use shrike::mst::{DetachedTree, NoBlocks};

pub(crate) fn ours(cid: shrike::cbor::Cid) -> Cid {
    Cid::from_bytes(&cid.to_bytes()).unwrap()
}

pub(crate) fn theirs(cid: Cid) -> shrike::cbor::Cid {
    shrike::cbor::Cid::from_bytes(&cid.to_bytes()).unwrap()
}

/// The CID of a record that has this text.
pub(crate) fn value(text: &str) -> Cid {
    Cid::dag_cbor_sha256(text.as_bytes())
}

pub(crate) fn car(roots: &[Cid], blocks: &[(Cid, Vec<u8>)]) -> Bytes {
    let roots: Vec<_> = roots.iter().map(|&root| theirs(root)).collect();
    let blocks: Vec<_> =
        blocks.iter().map(|(cid, data)| Block { cid: theirs(*cid), data: data.clone() }).collect();
    write_all(&roots, &blocks).unwrap().into()
}

pub(crate) fn held(blocks: &[(Cid, Vec<u8>)]) -> Blocks {
    let mut held = Blocks::new(Limits::default());
    held.add(car(&[], blocks)).unwrap();
    held
}

/// The root and the nodes of the tree of these keys, each standing for its own [`value`].
pub(crate) fn tree<'k>(keys: impl IntoIterator<Item = &'k str>) -> (Cid, Vec<(Cid, Vec<u8>)>) {
    let mut tree = DetachedTree::new();
    for key in keys {
        tree.insert(&NoBlocks, key.to_owned(), theirs(value(key))).unwrap();
    }
    let written = tree.flush().unwrap();
    let nodes = written.new_blocks.into_iter().map(|(cid, data)| (ours(cid), data)).collect();
    (ours(written.root), nodes)
}

/// The blocks of a file in `tests/data`, and its roots.
pub(crate) fn read(path: &str) -> (Vec<Cid>, Blocks) {
    let mut blocks = Blocks::new(Limits::default());
    let roots = blocks.add(crate::vectors::bytes(path).into()).unwrap();
    (roots, blocks)
}
