//! Messages of the stream, read with another's decoder, and checked as a stranger would.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use atproto::car::{Blocks, Limits};
use atproto::mst::{Draft, Nodes, NodesError};
use atproto::repo::Commit;
use atproto::{Cid, Did, Tid};
use repos::Frame;
use shrike::cbor::Value;

use crate::rig::{Rig, delete, on_each, put};
use crate::writes::key_of;

/// One message, as far as the tests look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) seq: i64,
    pub(crate) did: String,
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) links: BTreeMap<String, Cid>,
    pub(crate) active: Option<bool>,
    pub(crate) blocks: Vec<u8>,
    /// Path, before, after.
    pub(crate) ops: Vec<(String, Option<Cid>, Option<Cid>)>,
}

/// Reads a message: two items of CBOR, one after the other.
pub(crate) fn read(frame: &Frame) -> Event {
    let mut decoder = shrike::cbor::Decoder::new(&frame.bytes);
    let header = map(decoder.decode().unwrap());
    let mut event = Event::default();
    for (key, value) in header {
        match (key, value) {
            ("t", Value::Text(kind)) => kind.clone_into(&mut event.kind),
            ("op", Value::Unsigned(1)) => {}
            ("op", Value::Signed(-1)) => "error".clone_into(&mut event.kind),
            other => panic!("{other:?}"),
        }
    }
    for (key, value) in map(decoder.decode().unwrap()) {
        match (key, value) {
            ("seq", Value::Unsigned(seq)) => event.seq = seq.try_into().unwrap(),
            ("did" | "repo", Value::Text(did)) => did.clone_into(&mut event.did),
            ("blocks", Value::Bytes(blocks)) => event.blocks = blocks.to_vec(),
            ("active", Value::Bool(active)) => event.active = Some(active),
            ("ops", Value::Array(ops)) => event.ops = ops.into_iter().map(op).collect(),
            (key, Value::Text(text)) => drop(event.texts.insert(key.to_owned(), text.to_owned())),
            (key, Value::Cid(cid)) => drop(event.links.insert(key.to_owned(), ours(cid))),
            ("rebase" | "tooBig", Value::Bool(false)) | ("since", Value::Null) => {}
            ("blobs", Value::Array(blobs)) => assert_eq!(blobs.len(), 0),
            other => panic!("{other:?}"),
        }
    }
    assert!(decoder.is_empty());
    event
}

fn op(value: Value<'_>) -> (String, Option<Cid>, Option<Cid>) {
    let (mut path, mut prev, mut cid, mut action) = (String::new(), None, None, "");
    for (key, value) in map(value) {
        match (key, value) {
            ("path", Value::Text(text)) => text.clone_into(&mut path),
            ("action", Value::Text(text)) => action = text,
            ("prev", Value::Cid(link)) => prev = Some(ours(link)),
            ("cid", Value::Cid(link)) => cid = Some(ours(link)),
            ("cid", Value::Null) => {}
            other => panic!("{other:?}"),
        }
    }
    let expected = match (prev, cid) {
        (None, _) => "create",
        (Some(_), Some(_)) => "update",
        (Some(_), None) => "delete",
    };
    assert_eq!(action, expected);
    (path, prev, cid)
}

fn map(value: Value<'_>) -> Vec<(&str, Value<'_>)> {
    match value {
        Value::Map(pairs) => pairs.into_iter().collect(),
        other => panic!("{other:?}"),
    }
}

fn ours(cid: shrike::cbor::Cid) -> Cid {
    Cid::from_bytes(&cid.to_bytes()).unwrap()
}

/// Everything that is in the log.
pub(crate) async fn all_events(rig: &Rig) -> Vec<Event> {
    let head = rig.count("SELECT seq FROM repos_sequence").await;
    let mut subscription = rig.repos.subscribe(Some(0)).await.unwrap();
    let mut events = Vec::new();
    while events.last().is_none_or(|last: &Event| last.seq < head) {
        events.push(read(&subscription.next().await.unwrap().unwrap()));
    }
    events
}

/// Nodes that came with a message and no others.
struct Came(HashMap<Cid, Vec<u8>>);

impl Nodes for Came {
    fn node(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, NodesError> {
        Ok(self.0.get(cid).map(|block| Cow::Borrowed(block.as_slice())))
    }
}

impl Event {
    fn rev(&self) -> Tid {
        self.texts["rev"].parse().unwrap()
    }

    /// Undoes the operations with nothing but the blocks of the message, which must lead to the tree before (sync 1.1); the
    /// root after them.
    pub(crate) fn checked(&self) -> Cid {
        let mut blocks = Blocks::new(Limits::default());
        let roots = blocks.add(self.blocks.clone().into()).unwrap();
        assert_eq!(roots, [self.links["commit"]]);
        let (_, all) = shrike::car::read_all(&self.blocks[..]).unwrap();
        let nodes = Came(all.into_iter().map(|block| (ours(block.cid), block.data)).collect());
        let commit = Commit::decode(blocks.get(&roots[0]).unwrap()).unwrap().unverified().clone();
        assert_eq!((commit.did.as_str(), commit.rev), (&*self.did, self.rev()));
        let mut tree = Draft::of(commit.data);
        for (path, prev, cid) in &self.ops {
            assert_eq!(tree.get(&nodes, path).unwrap(), *cid);
            assert!(cid.is_none_or(|cid| blocks.get(&cid).is_some()), "the record itself is told");
            match prev {
                Some(prev) => drop(tree.put(&nodes, path.clone(), *prev).unwrap()),
                None => drop(tree.remove(&nodes, path).unwrap()),
            }
        }
        assert_eq!(tree.finish().unwrap().root, self.links["prevData"]);
        commit.data
    }
}

/// The root and the records that the commits of a repository lead to, each checked and each following from the one before.
pub(crate) fn replayed(events: &[Event], did: &Did) -> (Cid, BTreeMap<String, Cid>) {
    let empty = Draft::empty().finish().unwrap().root;
    let (mut root, mut rev, mut records) = (empty, None::<Tid>, BTreeMap::new());
    for event in events.iter().filter(|event| event.did == did.as_str()) {
        if event.kind == "#sync" {
            rev = Some(event.rev());
        }
        if event.kind != "#commit" {
            continue;
        }
        assert_eq!(event.links["prevData"], root);
        assert_eq!(event.texts["since"].parse().ok(), rev);
        assert!(Some(event.rev()) > rev);
        rev = Some(event.rev());
        root = event.checked();
        for (path, prev, cid) in &event.ops {
            let before = match cid {
                Some(cid) => records.insert(path.clone(), *cid),
                None => records.remove(path),
            };
            assert_eq!(before, *prev);
        }
    }
    (root, records)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_and_its_commits_are_told() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        rig.put(&did, "a", "one").await;
        rig.put(&did, "a", "two").await;
        rig.repos.apply(&did, vec![delete("a"), put("b", "three")], None).await.unwrap();
        let events = all_events(&rig).await;
        let kinds: Vec<_> = events.iter().map(|event| &*event.kind).collect();
        assert_eq!(kinds, ["#identity", "#account", "#sync", "#commit", "#commit", "#commit"]);
        assert!(events.iter().all(|event| event.did == did.as_str() && event.texts["time"].ends_with('Z')));
        assert_eq!(events[0].texts["handle"], "alice.test");
        assert_eq!(events[1].active, Some(true));
        let mut blocks = Blocks::new(Limits::default());
        let root = blocks.add(events[2].blocks.clone().into()).unwrap()[0];
        let signed = Commit::decode(blocks.get(&root).unwrap()).unwrap().verify(&key_of(&rig, &did)).unwrap();
        assert_eq!(signed.rev, events[2].rev());
        let (root, records) = replayed(&events, &did);
        assert_eq!(root, rig.repos.head(&did).await.unwrap().root);
        assert_eq!(records.into_keys().collect::<Vec<_>>(), ["com.example.note/b"]);
        assert_eq!(events[5].ops.len(), 2);
    })
    .await;
}
