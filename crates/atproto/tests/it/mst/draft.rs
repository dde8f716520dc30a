//! Changing trees.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use atproto::Cid;
use atproto::mst::{Draft, DraftError, Nodes, NodesError};

use crate::vectors;

/// Nodes in memory, some of which cannot be read.
#[derive(Default)]
struct Kept(HashMap<Cid, Vec<u8>>);

impl Nodes for Kept {
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError> {
        match self.0.get(cid) {
            Some(block) if block.is_empty() => Err("the disk is broken".into()),
            found => Ok(found.map(|block| Cow::Borrowed(block.as_slice()))),
        }
    }
}

/// What others published about commits: the roots before and after, and the nodes that prove the change.
#[test]
fn commits_have_their_published_roots_and_proofs() {
    for known in vectors::json("mst/commit-proof-fixtures.json").as_array().unwrap() {
        let list = |field: &str| -> BTreeSet<String> {
            known[field].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect()
        };
        let cid = |field: &str| Cid::parse(known[field].as_str().unwrap()).unwrap();
        let mut nodes = Kept::default();
        let mut tree = Draft::empty();
        for key in list("keys") {
            tree.put(&nodes, key, cid("leafValue")).unwrap();
        }
        let before = tree.finish().unwrap();
        assert_eq!(before.root, cid("rootBeforeCommit"), "{known}");
        nodes.0.extend(before.added.clone());

        let mut tree = Draft::of(before.root);
        for key in list("adds") {
            assert_eq!(tree.put(&nodes, key, cid("leafValue")).unwrap(), None);
        }
        for key in list("dels") {
            assert_eq!(tree.remove(&nodes, &key).unwrap(), Some(cid("leafValue")));
        }
        let after = tree.finish().unwrap();
        assert_eq!(after.root, cid("rootAfterCommit"), "{known}");
        let changed = &list("adds") | &list("dels");
        let proof = tree.covering(&nodes, changed.iter().map(String::as_str)).unwrap();
        let expected: BTreeSet<Cid> =
            list("blocksInProof").iter().map(|cid| Cid::parse(cid).unwrap()).collect();
        let told: BTreeSet<Cid> = proof.into_iter().chain(after.added.iter().map(|(cid, _)| *cid)).collect();
        assert!(told.is_superset(&expected), "{known}");

        // Nothing is left behind, and nothing goes that is needed.
        for cid in &after.retired {
            assert!(nodes.0.remove(cid).is_some());
        }
        nodes.0.extend(after.added);
        let all = &(&list("keys") - &list("dels")) | &list("adds");
        let mut scratch = Draft::empty();
        for key in &all {
            scratch.put(&nodes, key.clone(), cid("leafValue")).unwrap();
        }
        let scratch: BTreeSet<Cid> =
            scratch.finish().unwrap().added.into_iter().map(|(cid, _)| cid).collect();
        assert_eq!(nodes.0.into_keys().collect::<BTreeSet<_>>(), scratch);
    }
}

#[test]
fn a_tree_that_cannot_be_read_is_not_changed() {
    let mut nodes = Kept::default();
    let value = Cid::dag_cbor_sha256(b"x");
    let mut tree = Draft::empty();
    for number in 0..100 {
        tree.put(&nodes, format!("com.example.note/{number:03}"), value).unwrap();
    }
    let written = tree.finish().unwrap();
    nodes.0.extend(written.added);
    assert!(matches!(
        Draft::of(written.root).put(&nodes, "no key".to_owned(), value),
        Err(DraftError::Key(_))
    ));
    let (path, found) = Draft::of(written.root).path(&nodes, "com.example.note/050").unwrap();
    assert_eq!((path[0], found), (written.root, Some(value)));
    nodes.0.insert(written.root, Vec::new());
    let failed = Draft::of(written.root).get(&nodes, "com.example.note/050");
    assert!(matches!(failed, Err(DraftError::Source(cause)) if cause.to_string() == "the disk is broken"));
    nodes.0.remove(&written.root);
    let failed = Draft::of(written.root).remove(&nodes, "com.example.note/050");
    assert!(matches!(failed, Err(DraftError::Damaged(_))));
}
