//! Trees that break a rule, each in one place.

use atproto::Cid;
use atproto::mst::{MAX_NODE_BYTES, MstError, Rule, Step, Walk, find};
use shrike::mst::height_for_key;
use shrike::mst::node::{EntryData, NodeData, encode_node_data};

use super::walked;
use crate::blocks::{held, theirs, value};

/// The `n`th key of a layer among those that begin with a letter.
fn key(letter: char, layer: u8, n: usize) -> String {
    (0..).map(|i| format!("{letter}/{i}")).filter(|key| height_for_key(key) == layer).nth(n).unwrap()
}

/// A node of these keys, with the subtree before them all and those behind each.
fn node(left: Option<Cid>, keys: &[(&str, Option<Cid>)]) -> (Cid, Vec<u8>) {
    let mut previous = "";
    let mut entries = Vec::new();
    for (key, right) in keys {
        let shared = previous.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
        entries.push(entry(shared, &key.as_bytes()[shared..], *right));
        previous = key;
    }
    encoded(left, entries)
}

fn entry(prefix_len: usize, key_suffix: &[u8], right: Option<Cid>) -> EntryData {
    let value = theirs(value("record"));
    EntryData { prefix_len, key_suffix: key_suffix.to_vec(), value, right: right.map(theirs) }
}

fn encoded(left: Option<Cid>, entries: Vec<EntryData>) -> (Cid, Vec<u8>) {
    let cbor = encode_node_data(&NodeData { left: left.map(theirs), entries }).unwrap();
    (Cid::dag_cbor_sha256(&cbor), cbor)
}

/// What is wrong with the tree whose root is the last node, which shows in a walk and on the way to a key.
fn rule_on_the_way_to(sought: &str, nodes: &[(Cid, Vec<u8>)]) -> Rule {
    let (root, blocks) = (nodes.last().unwrap().0, held(nodes));
    let broken = |error| match error {
        MstError::Broken { rule, .. } => rule,
        MstError::Missing(cid) => panic!("{cid} is missing"),
    };
    let mut walk = Walk::new(root, "");
    let error = walk.advance(&blocks, &mut Vec::new(), usize::MAX).unwrap_err();
    let again = walk.advance(&blocks, &mut Vec::new(), usize::MAX);
    assert_eq!(again, Err(error), "it is no passing error");
    assert_eq!(find(root, sought, &blocks).map_err(broken), Err(broken(error)));
    broken(error)
}

fn rule(nodes: &[(Cid, Vec<u8>)]) -> Rule {
    rule_on_the_way_to("a/x", nodes)
}

#[test]
fn keys_ascend_in_a_node() {
    let (one, two) = (key('a', 0, 0), key('a', 0, 1));
    assert_eq!(rule(&[node(None, &[(&two, None), (&one, None)])]), Rule::Order);
    assert_eq!(
        rule(&[encoded(None, vec![entry(0, one.as_bytes(), None), entry(one.len(), b"", None)])]),
        Rule::Order
    );
}

#[test]
fn keys_ascend_from_node_to_node() {
    let (low, high) = (node(None, &[(&key('a', 0, 0), None)]), node(None, &[(&key('c', 0, 0), None)]));
    let middle = key('b', 1, 0);
    let right_way = [low.clone(), high.clone(), node(Some(low.0), &[(&middle, Some(high.0))])];
    assert_eq!(walked(right_way[2].0, "", &held(&right_way)).unwrap().len(), 3);
    let wrong_way = node(Some(high.0), &[(&middle, Some(low.0))]);
    assert_eq!(rule(&[low.clone(), high.clone(), wrong_way.clone()]), Rule::Order);
    assert_eq!(rule_on_the_way_to("c/x", &[low.clone(), high.clone(), wrong_way]), Rule::Order);
    // A subtree that comes again is the same mistake, so no tree goes on for ever.
    let twice = [low.clone(), node(Some(low.0), &[(&middle, Some(low.0))])];
    assert_eq!(rule_on_the_way_to("c/x", &twice), Rule::Order);
    // Two layers down the bound is still that of the root.
    let deep = node(None, &[(&key('c', 0, 0), None)]);
    let bridge = node(None, &[(&key('a', 1, 0), Some(deep.0))]);
    assert_eq!(rule(&[deep, bridge.clone(), node(Some(bridge.0), &[(&key('b', 2, 0), None)])]), Rule::Order);
}

#[test]
fn keys_are_in_the_layer_of_their_hash() {
    let (low, high) = (key('a', 0, 0), key('b', 1, 0));
    assert_eq!(rule(&[node(None, &[(&low, None), (&high, None)])]), Rule::Layer);
    // A node two layers below its parent, and one in the same layer.
    let child = node(None, &[(&low, None)]);
    assert_eq!(rule(&[child.clone(), node(Some(child.0), &[(&key('b', 2, 0), None)])]), Rule::Layer);
    let child = node(None, &[(&key('a', 1, 0), None)]);
    assert_eq!(rule(&[child.clone(), node(Some(child.0), &[(&high, None)])]), Rule::Layer);
}

#[test]
fn nodes_without_entries_only_lead_further_down() {
    let leaf = node(None, &[(&key('a', 0, 0), None)]);
    let bridge = node(Some(leaf.0), &[]);
    let top = node(Some(bridge.0), &[(&key('b', 2, 0), None)]);
    assert_eq!(walked(top.0, "", &held(&[leaf.clone(), bridge.clone(), top.clone()])).unwrap().len(), 2);
    assert_eq!(rule(&[leaf, bridge]), Rule::Empty);
    let empty = node(None, &[]);
    assert_eq!(rule(&[empty.clone(), node(Some(empty.0), &[(&key('b', 1, 0), None)])]), Rule::Empty);
}

#[test]
fn nothing_is_below_the_lowest_layer() {
    let leaf = node(None, &[(&key('a', 0, 0), None)]);
    assert_eq!(rule(&[leaf.clone(), node(Some(leaf.0), &[(&key('b', 0, 0), None)])]), Rule::Depth);
    let right = node(None, &[(&key('a', 0, 0), Some(leaf.0))]);
    assert_eq!(rule_on_the_way_to("b/x", &[right]), Rule::Depth);
    // Bridges reach the ground in as many steps as there are layers.
    let mut nodes = vec![node(Some(leaf.0), &[])];
    for _ in 0..4 {
        nodes.push(node(Some(nodes.last().unwrap().0), &[]));
    }
    nodes.push(node(Some(nodes.last().unwrap().0), &[(&key('b', 3, 0), None)]));
    assert_eq!(rule(&nodes), Rule::Depth);
}

#[test]
fn prefixes_are_exactly_what_is_shared() {
    let (one, two) = (key('a', 0, 0), key('a', 0, 1));
    let second = |shared: usize, rest: &str| {
        rule(&[encoded(None, vec![entry(0, one.as_bytes(), None), entry(shared, rest.as_bytes(), None)])])
    };
    assert_eq!(second(0, &two), Rule::Prefix);
    assert_eq!(second(1, &two[1..]), Rule::Prefix);
    assert_eq!(second(one.len() + 1, "1"), Rule::Prefix);
    assert_eq!(rule(&[encoded(None, vec![entry(1, b"/1", None)])]), Rule::Prefix);
}

#[test]
fn keys_are_paths_of_records() {
    for bad in ["", "a", "/1", "a/", "a/b/c", "a/é", "a/ ", "a/\0", "a/#"] {
        assert_eq!(rule(&[encoded(None, vec![entry(0, bad.as_bytes(), None)])]), Rule::Key, "{bad}");
    }
    assert_eq!(rule(&[encoded(None, vec![entry(0, b"a/\xff", None)])]), Rule::Key);
    let long = format!("a/{}", "x".repeat(1023));
    assert_eq!(rule(&[encoded(None, vec![entry(0, long.as_bytes(), None)])]), Rule::Key);
}

#[test]
fn blocks_are_small_nodes_of_dag_cbor() {
    let large = vec![0; MAX_NODE_BYTES + 1];
    assert_eq!(rule(&[(Cid::dag_cbor_sha256(&large), large)]), Rule::Block);
    let (_, cbor) = node(None, &[(&key('a', 0, 0), None)]);
    assert_eq!(rule(&[(Cid::raw_sha256(&cbor), cbor.clone())]), Rule::Block);
    for (shape, cbor) in [
        ("it has not two fields", &b"\xa1\x61e\x80"[..]),
        ("it has not two fields", b"\x80"),
        ("a field is out of place", b"\xa2\x61l\xf6\x61e\x80"),
        ("a field is out of place", b"\xa2\x61e\x80\x61m\xf6"),
        ("its entries are no array", b"\xa2\x61e\xa0\x61l\xf6"),
        ("a subtree is neither a link nor null", b"\xa2\x61e\x80\x61l\x00"),
        ("an entry has not four fields", b"\xa2\x61e\x81\xa3\x61k\x40\x61p\x00"),
        ("a key is not bytes", b"\xa2\x61e\x81\xa4\x61k\x63a/1\x61p\x00"),
        ("a prefix is not a length", b"\xa2\x61e\x81\xa4\x61k\x43a/1\x61p\x20"),
        ("a value is not a link", b"\xa2\x61e\x81\xa4\x61k\x43a/1\x61p\x00\x61t\xf6\x61v\xf6"),
        ("bytes follow the value", b"\xa2\x61e\x80\x61l\xf6\x00"),
        ("an array or a map is longer than the bytes", b"\xa2\x61e\x9a\xff\xff\xff\xff"),
    ] {
        assert_eq!(rule(&[(Cid::dag_cbor_sha256(cbor), cbor.to_vec())]), Rule::Shape(shape));
    }
}

#[test]
fn what_lies_outside_the_prefix_is_nobodys_business() {
    let broken = node(None, &[]);
    let good = node(None, &[(&key('c', 0, 0), None)]);
    let root = node(Some(broken.0), &[(&key('b', 1, 0), Some(good.0))]);
    let blocks = held(&[broken, good, root.clone()]);
    let mut entries = Vec::new();
    assert_eq!(Walk::new(root.0, "c/").advance(&blocks, &mut entries, 9), Ok(Step::Done));
    assert_eq!(entries.len(), 1);
    assert!(walked(root.0, "a/", &blocks).is_err());
}
