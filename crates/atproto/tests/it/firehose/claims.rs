//! Any change of any tree: what is said of it is believed if it is all true, and only then.

use std::collections::{BTreeMap, HashMap};

use atproto::Cid;
use atproto::firehose::{Action, ReceivedCommit, ReceivedOp};
use atproto::mst::Draft;
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Kept, commit_of};
use crate::blocks::value;

type Tree = BTreeMap<u8, u8>;

fn path(key: u8) -> String {
    format!("com.example.note/{key:03}")
}

fn record(version: u8) -> (Cid, Vec<u8>) {
    let text = version.to_string();
    (value(&text), text.into_bytes())
}

/// What happened between two trees.
fn difference(before: &Tree, after: &Tree) -> Vec<ReceivedOp> {
    let keys: std::collections::BTreeSet<u8> = before.keys().chain(after.keys()).copied().collect();
    let op = |key: u8| {
        let (prev, cid) = (before.get(&key), after.get(&key));
        let action = match (prev, cid) {
            (None, _) => Action::Create,
            (Some(_), Some(_)) => Action::Update,
            (Some(_), None) => Action::Delete,
        };
        let [prev, cid] = [prev, cid].map(|version| version.map(|version| record(*version).0));
        (prev != cid).then(|| ReceivedOp { action, path: path(key), cid, prev })
    };
    keys.into_iter().filter_map(op).collect()
}

/// A commit from one tree to another, with no more of the trees than the protocol asks for.
fn commit(before: &Tree, after: &Tree) -> ReceivedCommit {
    let ops = difference(before, after);
    let mut kept = Kept(HashMap::new());
    let mut tree = Draft::empty();
    for (key, version) in before {
        tree.put(&kept, path(*key), record(*version).0).unwrap();
    }
    let was = tree.finish().unwrap();
    kept.0.extend(was.added);
    for op in &ops {
        match op.cid {
            Some(cid) => tree.put(&kept, op.path.clone(), cid).unwrap(),
            None => tree.remove(&kept, &op.path).unwrap(),
        };
    }
    let is = tree.finish().unwrap();
    kept.0.extend(is.added.iter().cloned());
    let proof = tree.covering(&kept, ops.iter().map(|op| &*op.path)).unwrap();
    let nodes = proof.into_iter().chain([is.root]).chain(is.added.iter().map(|(cid, _)| *cid));
    let records = after.values().map(|version| record(*version));
    let blocks = nodes.map(|cid| (cid, kept.0[&cid].clone())).chain(records).collect();
    ReceivedCommit { ops, ..commit_of(is.root, was.root, &[], &Kept(blocks)) }
}

fn tree() -> impl Strategy<Value = Tree> {
    btree_map(0..60_u8, 0..3_u8, 0..40)
}

proptest! {
    #[test]
    fn the_truth_is_believed((before, after) in (tree(), tree())) {
        let proof = commit(&before, &after).prove().unwrap();
        prop_assert!(proof.is_complete);
    }

    /// One operation more, fewer or other than what happened.
    #[test]
    fn a_lie_is_not((before, after) in (tree(), tree()), at: Index, kind in 0..5_u8, other in 0..60_u8) {
        let mut commit = commit(&before, &after);
        let truth = commit.ops.clone();
        if commit.ops.is_empty() {
            return Ok(());
        }
        let at = at.index(commit.ops.len());
        match kind {
            0 => drop(commit.ops.remove(at)),
            1 => commit.ops[at].prev = commit.ops[at].prev.map(|_| value("never")),
            2 => commit.ops[at].cid = commit.ops[at].cid.map(|_| value("never")),
            3 => commit.ops[at].path = path(other),
            _ => commit.ops[at].action = Action::Update,
        }
        if commit.ops != truth {
            let believed = commit.prove().is_ok_and(|proof| proof.is_complete);
            prop_assert!(!believed, "{:?} for {truth:?}", commit.ops);
        }
    }
}
