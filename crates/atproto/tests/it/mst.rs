//! Walks and proofs over trees that another implementation wrote.

mod broken;
mod draft;

use std::collections::{BTreeMap, BTreeSet};

use atproto::Cid;
use atproto::car::{Blocks, Limits};
use atproto::mst::{Entry, MAX_MISSING, MstError, Step, Walk, estimate, find};
use proptest::collection::btree_set;
use proptest::prelude::*;

use crate::blocks::{car, held, tree, value};
use crate::vectors;

pub(crate) fn walked(root: Cid, prefix: &str, blocks: &Blocks) -> Result<Vec<String>, MstError> {
    let mut entries = Vec::new();
    assert_eq!(Walk::new(root, prefix).advance(blocks, &mut entries, usize::MAX)?, Step::Done);
    Ok(keys(entries))
}

fn keys(entries: Vec<Entry>) -> Vec<String> {
    entries.into_iter().map(|entry| entry.key).collect()
}

/// `count` keys in each of three collections.
fn notes(count: usize) -> Vec<String> {
    let collections = ["com.example.like", "com.example.note", "com.example.notes"];
    collections.iter().flat_map(|name| (0..count).map(move |i| format!("{name}/{i:06}"))).collect()
}

fn tree_of(keys: &[String]) -> (Cid, Vec<(Cid, Vec<u8>)>) {
    tree(keys.iter().map(String::as_str))
}

/// The function is another's, but all of the tree hangs on it.
#[test]
fn keys_have_their_published_layers() {
    for known in vectors::json("mst/key_heights.json").as_array().unwrap() {
        let layer = u64::from(shrike::mst::height_for_key(known["key"].as_str().unwrap()));
        assert_eq!(Some(layer), known["height"].as_u64(), "{known}");
    }
    // The second part of each key says where it belongs.
    for key in vectors::lines("mst/example_keys.txt") {
        let layer = shrike::mst::height_for_key(&key).to_string();
        assert_eq!(key[1..].split('/').next(), Some(&*layer), "{key}");
    }
}

#[test]
fn published_trees_have_their_keys() {
    for known in vectors::json("mst/commit-proof-fixtures.json").as_array().unwrap() {
        let list = |field: &str| -> BTreeSet<String> {
            known[field].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect()
        };
        let value = Cid::parse(known["leafValue"].as_str().unwrap()).unwrap();
        let before = list("keys");
        let after: BTreeSet<String> = &(&before - &list("dels")) | &list("adds");
        for (root, expected) in [("rootBeforeCommit", before), ("rootAfterCommit", after)] {
            let mut tree = shrike::mst::DetachedTree::new();
            for key in &expected {
                tree.insert(&shrike::mst::NoBlocks, key.clone(), crate::blocks::theirs(value)).unwrap();
            }
            let written = tree.flush().unwrap();
            let blocks: Vec<_> =
                written.new_blocks.into_iter().map(|(cid, data)| (crate::blocks::ours(cid), data)).collect();
            let root = Cid::parse(known[root].as_str().unwrap()).unwrap();
            assert_eq!(walked(root, "", &held(&blocks)).unwrap(), expected.into_iter().collect::<Vec<_>>());
        }
    }
}

/// Every tree of seven keys, and what distinguishes pairs of them.
#[test]
fn exhaustive_trees_differ_as_published() {
    let trees: Vec<BTreeMap<String, Cid>> = vectors::messages("mst/exhaustive.cars")
        .into_iter()
        .map(|car| {
            let mut blocks = Blocks::new(Limits::default());
            let roots = blocks.add(car.into()).unwrap();
            let mut entries = Vec::new();
            let step = Walk::new(roots[0], "").advance(&blocks, &mut entries, usize::MAX);
            assert_eq!(step, Ok(Step::Done));
            for key in ["k/00", "k/02", "k/04", "k/39", "k/40", "k/48", "k/49", "k/5", "a/a", "z/z"] {
                let expected = entries.iter().find(|entry| entry.key == key).map(|entry| entry.value);
                assert_eq!(find(roots[0], key, &blocks), Ok(expected));
            }
            entries.into_iter().map(|entry| (entry.key, entry.value)).collect()
        })
        .collect();
    assert_eq!(trees.len(), 128);
    for line in vectors::lines("mst/exhaustive.jsonl") {
        let diff: serde_json::Value = serde_json::from_str(&line).unwrap();
        let index = |field: &str| usize::try_from(diff[field].as_u64().unwrap()).unwrap();
        let keys = |field: &str| -> Vec<&str> {
            diff[field].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect()
        };
        let (from, to) = (&trees[index("from")], &trees[index("to")]);
        let only = |one: &BTreeMap<String, Cid>, other: &BTreeMap<String, Cid>| -> Vec<String> {
            one.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
        };
        assert_eq!(only(to, from), keys("added"));
        assert_eq!(only(from, to), keys("removed"));
    }
}

#[test]
fn an_empty_tree_has_no_keys() {
    let (root, nodes) = tree([]);
    let blocks = held(&nodes);
    assert_eq!(walked(root, "", &blocks).unwrap(), [""; 0]);
    assert_eq!(find(root, "a.b.c/1", &blocks), Ok(None));
    assert_eq!(estimate(root, "", &blocks), Ok(0));
}

/// Fetches what a walk asks for until it is done: its keys, the nodes fetched, and how often something was
/// fetched.
fn fetch(mut walk: Walk, nodes: &[(Cid, Vec<u8>)]) -> (Vec<String>, BTreeSet<Cid>, usize) {
    let (mut blocks, mut entries) = (Blocks::new(Limits::default()), Vec::new());
    let (mut fetched, mut rounds) = (BTreeSet::new(), 0);
    loop {
        match walk.advance(&blocks, &mut entries, 7).unwrap() {
            Step::More => {}
            Step::Done => return (keys(entries), fetched, rounds),
            Step::Missing(missing) => {
                assert!(!missing.is_empty() && missing.len() <= MAX_MISSING);
                let wanted: Vec<_> = nodes.iter().filter(|(cid, _)| missing.contains(cid)).cloned().collect();
                assert_eq!(wanted.len(), missing.len(), "asked twice for one, or for none of the tree's");
                assert!(missing.iter().all(|cid| fetched.insert(*cid)), "asked again for what it had");
                blocks.add(car(&[], &wanted)).unwrap();
                rounds += 1;
            }
        }
    }
}

#[test]
fn asks_only_for_what_the_prefix_needs_and_for_much_at_a_time() {
    let all = notes(3000);
    let (root, nodes) = tree_of(&all);
    let (keys, fetched, rounds) = fetch(Walk::new(root, "com.example.note/"), &nodes);
    assert_eq!(keys, all[3000..6000]);
    assert!(fetched.len() * 2 < nodes.len(), "{} of {} nodes", fetched.len(), nodes.len());
    assert!(rounds < fetched.len() / 40 + 12, "{} nodes in {rounds} rounds", fetched.len());
    let (keys, fetched, _) = fetch(Walk::new(root, ""), &nodes);
    assert_eq!((keys, fetched.len()), (all, nodes.len()));
    let (keys, fetched, _) = fetch(Walk::new(root, "com.example.other/"), &nodes);
    assert!(keys.is_empty() && fetched.len() <= 16);
    let (keys, fetched, _) = fetch(Walk::after(root, "com.example.like/", "com.example.zzz/1"), &nodes);
    assert!(keys.is_empty() && fetched.is_empty());
}

#[test]
fn a_missing_node_proves_nothing() {
    let all = notes(100);
    let (root, nodes) = tree_of(&all);
    let whole = held(&nodes);
    for (gone, _) in &nodes {
        let rest: Vec<_> = nodes.iter().filter(|(cid, _)| cid != gone).cloned().collect();
        let blocks = held(&rest);
        for key in all.iter().chain([&"com.example.note/x".to_owned()]) {
            match find(root, key, &blocks) {
                Err(MstError::Missing(cid)) => assert_eq!(cid, *gone),
                found => assert_eq!(found, find(root, key, &whole)),
            }
        }
        let mut walk = Walk::new(root, "");
        assert_eq!(walk.advance(&blocks, &mut Vec::new(), usize::MAX), Ok(Step::Missing(vec![*gone])));
    }
}

#[test]
fn estimates_are_near_and_become_exact() {
    for count in [10, 300, 20_000] {
        let all = notes(count);
        let (root, nodes) = tree_of(&all);
        let top: Vec<_> = nodes.iter().filter(|(cid, _)| *cid == root).cloned().collect();
        let guess = estimate(root, "", &held(&top)).unwrap();
        let keys = all.len() as u64;
        assert!((keys / 5..keys * 5).contains(&guess), "{guess} for {keys}");
        let blocks = held(&nodes);
        assert_eq!(estimate(root, "", &blocks), Ok(keys));
        assert_eq!(estimate(root, "com.example.note/", &blocks), Ok(keys / 3));
    }
    let (root, _) = tree(["a.b.c/1"]);
    assert_eq!(estimate(root, "", &held(&[])), Err(MstError::Missing(root)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_walk_is_the_sorted_set(
        set in btree_set("[a-c]\\.[ab]/[a-d0-3]{1,4}", 0..200),
        prefix in "([a-c](\\.[ab](/[a-d]?)?)?)?",
        after in "[a-c]\\.[ab]/[a-d0-3]{1,4}",
        max in 1..50_usize,
    ) {
        let (root, nodes) = tree(set.iter().map(String::as_str));
        let expected: Vec<String> = set.iter().filter(|key| key.starts_with(&prefix)).cloned().collect();
        let blocks = held(&nodes);
        let (mut walk, mut entries) = (Walk::new(root, &prefix), Vec::new());
        loop {
            let before = entries.len();
            let step = walk.advance(&blocks, &mut entries, max).unwrap();
            prop_assert!(entries.len() - before <= max);
            if step == Step::Done {
                break;
            }
            prop_assert_eq!(step, Step::More);
        }
        prop_assert!(entries.iter().all(|entry| entry.value == value(&entry.key)));
        prop_assert_eq!(&keys(entries), &expected);
        prop_assert_eq!(&fetch(Walk::new(root, &prefix), &nodes).0, &expected);
        let later: Vec<String> = expected.into_iter().filter(|key| *key > after).collect();
        prop_assert_eq!(fetch(Walk::after(root, &prefix, &after), &nodes).0, later);
        prop_assert_eq!(find(root, &after, &blocks), Ok(set.contains(&after).then(|| value(&after))));
    }
}
