//! Any sequence of writes, against a map.

use std::collections::BTreeMap;

use atproto::car::{Blocks, Limits};
use atproto::mst::{Draft, Drafted, Nodes, NodesError, Step, Walk};
use atproto::repo::Commit;
use atproto::{Cid, Did};
use bytes::Bytes;
use futures::StreamExt;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::frames::{all_events, replayed};
use crate::rig::{NOTE, Rig, cid_of, delete, put, schemas};
use crate::writes::key_of;

/// A record of one of so many names gets one of a few contents, or goes.
type Op = (u8, Option<u8>);

fn batches() -> impl Strategy<Value = Vec<Vec<Op>>> {
    vec(vec((0_u8..60, proptest::option::weighted(0.7, 0_u8..5)), 1..12), 1..12)
}

/// Nobody has a node.
struct None_;

impl Nodes for None_ {
    fn node(&self, _: &Cid) -> Result<Option<std::borrow::Cow<'_, [u8]>>, NodesError> {
        Ok(None)
    }
}

/// The tree of these keys, from scratch.
fn built(records: &BTreeMap<String, Cid>) -> Drafted {
    let mut tree = Draft::empty();
    for (key, cid) in records {
        tree.put(&None_, key.clone(), *cid).unwrap();
    }
    tree.finish().unwrap()
}

pub(crate) async fn archive(rig: &Rig, did: &Did) -> Bytes {
    let pieces: Vec<Bytes> = rig.repos.export(did).await.unwrap().collect().await;
    pieces.concat().into()
}

async fn check(rig: &Rig, did: &Did, expected: &BTreeMap<String, Cid>) {
    let head = rig.repos.head(did).await.unwrap();
    let built = built(expected);
    assert_eq!(head.root, built.root, "as if it had been built from nothing");
    let nodes = rig.count("SELECT COUNT(*) FROM repos_blocks").await;
    assert_eq!(usize::try_from(nodes).unwrap(), built.added.len(), "no node is left behind");

    let mut blocks = Blocks::new(Limits::default());
    assert_eq!(blocks.add(archive(rig, did).await).unwrap(), [head.commit.cid]);
    let commit = Commit::decode(blocks.get(&head.commit.cid).unwrap()).unwrap();
    let commit = commit.verify(&key_of(rig, did)).unwrap();
    let mut entries = Vec::new();
    assert_eq!(Walk::new(commit.data, "").advance(&blocks, &mut entries, usize::MAX), Ok(Step::Done));
    let found: BTreeMap<_, _> = entries.into_iter().map(|entry| (entry.key, entry.value)).collect();
    assert_eq!(found, *expected);
    assert!(found.values().all(|cid| blocks.get(cid).is_some()));
    let (root, told) = replayed(&all_events(rig).await, did);
    assert_eq!((root, &told), (head.root, expected), "what subscribers put together");
}

async fn run(store: store::Store, batches: Vec<Vec<Op>>) {
    let rig = Rig::of(store).await;
    let did = rig.person("alice").await;
    let mut expected = BTreeMap::new();
    for batch in batches {
        // Of several writes to one record the last one, since a commit has each once.
        let batch: BTreeMap<u8, Option<u8>> = batch.into_iter().collect();
        let writes = batch.iter().map(|(name, content)| match content {
            Some(content) => put(&name.to_string(), &content.to_string()),
            None => delete(&name.to_string()),
        });
        // Now and then by another process, which knows no node yet.
        let instance = if batch.len().is_multiple_of(3) { &rig.again().await } else { &rig };
        instance.repos.apply(&did, writes.collect(), None).await.unwrap();
        for (name, content) in batch {
            let key = format!("{NOTE}/{name}");
            match content {
                Some(content) => drop(expected.insert(key, cid_of(&content.to_string()))),
                None => drop(expected.remove(&key)),
            }
        }
    }
    check(&rig, &did, &expected).await;
}

#[test]
fn any_writes_make_the_tree_that_their_outcome_has() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&batches(), |batches| {
        runtime.block_on(testkit::on_each_engine(&schemas(), |store| run(store, batches.clone())));
        Ok(())
    });
    outcome.unwrap();
}
