//! Writing to a repository and reading it back, with the stream telling the same story sooner or later.

use std::sync::Mutex;

use atproto::data::{Limits, record};
use atproto::{AtUri, Did, Tid};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use records::{Action, Record, RepoAnswer, RepoWrite, RepoWriter, SCHEMAS, Written};
use serde_json::{Map, Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, Rig, note, rev};
use crate::stream::{create, delete, update};

const T: i64 = 1_750_000_000_000_000;

/// The server of somebody's repository, which answers what the test says.
pub(crate) struct Pds {
    did: Did,
    answer: Mutex<RepoAnswer>,
}

impl Pds {
    pub(crate) fn new(did: &str) -> Self {
        let answer = RepoAnswer { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::new() };
        Self { did: did.parse().unwrap(), answer: Mutex::new(answer) }
    }

    /// What it answers from now on.
    pub(crate) fn says(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        let status = StatusCode::from_u16(status).unwrap();
        let body = body.into();
        *self.answer.lock().unwrap() = RepoAnswer { status, headers: HeaderMap::new(), body };
        self
    }

    /// That it did what it was asked.
    pub(crate) fn confirms(&self, rkey: &str, rev: &str, record: &Value) -> &Self {
        let uri = format!("at://{}/com.example.note/{rkey}", self.did);
        let commit = json!({ "cid": cid(record), "rev": rev });
        self.says(200, json!({ "uri": uri, "cid": cid(record), "commit": commit }).to_string())
    }
}

impl RepoWriter for Pds {
    type Error = std::convert::Infallible;

    fn did(&self) -> Did {
        self.did.clone()
    }

    fn write<'a>(&'a self, _: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, Self::Error>> {
        Box::pin(async { Ok(self.answer.lock().unwrap().clone()) })
    }
}

fn cid(record: &Value) -> String {
    let json = record.to_string();
    record::inspect(json.as_bytes(), &Limits::default()).unwrap().cid.unwrap().to_string()
}

fn fields(record: &Value) -> Map<String, Value> {
    record.as_object().unwrap().clone()
}

pub(crate) fn creation(record: &Value) -> RepoWrite {
    RepoWrite::Create { collection: note(), rkey: None, record: fields(record) }
}

fn put(rkey: &str, record: &Value) -> RepoWrite {
    RepoWrite::Put { collection: note(), rkey: rkey.parse().unwrap(), record: fields(record) }
}

fn removal(rkey: &str) -> RepoWrite {
    RepoWrite::Delete { collection: note(), rkey: rkey.parse().unwrap() }
}

fn value(record: Option<Record>) -> Option<Value> {
    record.map(|record| serde_json::from_str(&record.json).unwrap())
}

impl Rig {
    async fn write(&self, pds: &Pds, write: &RepoWrite) -> Written {
        let Ok(written) = self.records.write(pds, write).await;
        written
    }

    async fn told(&self) -> Vec<(Action, String)> {
        let changes = self.records.changes(0, 100).await.unwrap();
        changes.into_iter().map(|change| (change.action, change.record.unwrap().1)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_here_and_its_echo_changes_nothing() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (mut running, pds) = (rig.start(), Pds::new(ALICE));
        running.live().await;
        let first = json!({"text": "one", "subject": "at://did:plc:x/com.example.note/y"});
        let written = rig.write(pds.confirms("a", &rev(1), &first), &creation(&first)).await;
        let confirmed = written.confirmed.unwrap();
        assert_eq!(confirmed.uri, AtUri::parse(&format!("at://{ALICE}/com.example.note/a")).unwrap());
        assert_eq!(confirmed.cid.unwrap().to_string(), cid(&first));
        assert_eq!(confirmed.rev, Some(Tid::parse(&rev(1)).unwrap()));
        let row = rig.get(ALICE, "a").await.unwrap();
        assert_eq!(
            (row.cid.as_deref(), value(Some(row.clone()))),
            (Some(&*cid(&first)), Some(first.clone()))
        );
        let refs = rig.store.index.read(|conn| {
            conn.query::<_, store::Error>("SELECT target_uri FROM record_refs", &[], |row| row.string(0))
        });
        assert_eq!(refs.await.unwrap(), ["at://did:plc:x/com.example.note/y"]);

        let second = json!({"text": "two"});
        drop(rig.write(pds.confirms("a", &rev(2), &second), &put("a", &second)).await);
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &first));
        rig.committed(&mut running, T).await;
        assert_eq!(
            value(rig.get(ALICE, "a").await),
            Some(second.clone()),
            "the echo of the first comes too late"
        );
        rig.stream.send(T + 1, update(ALICE, "a", &rev(2), T + 1, &second));
        rig.committed(&mut running, T + 1).await;
        assert_eq!(rig.get(ALICE, "a").await.unwrap().created_at, row.created_at);

        drop(
            rig.write(
                pds.says(200, json!({"commit": {"cid": cid(&first), "rev": rev(3)}}).to_string()),
                &removal("a"),
            )
            .await,
        );
        assert_eq!(rig.get(ALICE, "a").await, None);
        rig.stream.send(T + 2, delete(ALICE, "a", &rev(3), T + 2));
        rig.committed(&mut running, T + 2).await;
        let a = || "a".to_owned();
        assert_eq!(rig.told().await, [(Action::Create, a()), (Action::Update, a()), (Action::Delete, a())]);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_that_comes_first_wins() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (mut running, pds) = (rig.start(), Pds::new(ALICE));
        running.live().await;
        let (ours, later) = (json!({"text": "ours"}), json!({"text": "from another device"}));
        rig.stream.send(T, update(ALICE, "a", &rev(2), T, &later));
        rig.committed(&mut running, T).await;
        let written = rig.write(pds.confirms("a", &rev(1), &ours), &put("a", &ours)).await;
        assert!(written.confirmed.is_some());
        assert_eq!(value(rig.get(ALICE, "a").await), Some(later));
        assert_eq!(rig.told().await.len(), 1);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_revision_only_adds() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (mut running, pds) = (rig.start(), Pds::new(ALICE));
        running.live().await;
        let (old, new) = (json!({"text": "old"}), json!({"text": "new"}));
        let undated = |rkey: &str, record: &Value| {
            json!({"uri": format!("at://{ALICE}/com.example.note/{rkey}"), "cid": cid(record)})
        };
        drop(rig.write(pds.says(200, undated("a", &new).to_string()), &put("a", &new)).await);
        assert_eq!(value(rig.get(ALICE, "a").await), Some(new.clone()));
        // Anything the stream knows is newer.
        rig.stream.send(T, update(ALICE, "a", &rev(1), T, &old));
        rig.stream.send(T + 1, create(ALICE, "b", &rev(2), T + 1, &old));
        rig.stream.send(T + 2, create(ALICE, "c", &rev(3), T + 2, &old));
        rig.stream.send(T + 3, delete(ALICE, "c", &rev(4), T + 3));
        rig.committed(&mut running, T + 3).await;
        assert_eq!(value(rig.get(ALICE, "a").await), Some(old.clone()));
        let mut null = undated("b", &new);
        null["commit"] = Value::Null;
        let written = rig.write(pds.says(200, null.to_string()), &put("b", &new)).await;
        assert_eq!(written.confirmed.unwrap().rev, None);
        assert_eq!(value(rig.get(ALICE, "b").await), Some(old.clone()), "it is for the stream to say when");
        drop(rig.write(pds.says(200, undated("c", &new).to_string()), &put("c", &new)).await);
        assert_eq!(rig.get(ALICE, "c").await, None);
        for body in ["", "{}"] {
            let written = rig.write(pds.says(200, body), &removal("b")).await;
            assert!(written.confirmed.is_some(), "{body:?}");
            assert_eq!(value(rig.get(ALICE, "b").await), Some(old.clone()));
        }
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_true_is_not_believed() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (pds, record, other) =
            (Pds::new(ALICE), json!({"text": "hi"}), json!({"text": "something else"}));
        let uri = |did: &str, path: &str| format!("at://{did}/{path}");
        let ours = uri(ALICE, "com.example.note/a");
        let commit = json!({"cid": cid(&record), "rev": rev(1)});
        let far = Tid::new(1 << 52, 0).unwrap().to_string();
        for (lie, answer) in [
            (
                "another's repository",
                json!({"uri": uri(BOB, "com.example.note/a"), "cid": cid(&record), "commit": commit}),
            ),
            ("a handle", json!({"uri": uri("alice.example", "com.example.note/a"), "cid": cid(&record)})),
            ("another collection", json!({"uri": uri(ALICE, "com.example.other/a"), "cid": cid(&record)})),
            ("another record", json!({"uri": uri(ALICE, "com.example.note/b"), "cid": cid(&record)})),
            ("no record", json!({"uri": uri(ALICE, "com.example.note"), "cid": cid(&record)})),
            ("other content", json!({"uri": ours, "cid": cid(&other), "commit": commit})),
            ("no CID", json!({"uri": ours, "commit": commit})),
            ("not a CID", json!({"uri": ours, "cid": "b", "commit": commit})),
            ("no URI", json!({"cid": cid(&record), "commit": commit})),
            (
                "from the future",
                json!({"uri": ours, "cid": cid(&record), "commit": {"cid": cid(&record), "rev": far}}),
            ),
            ("not a revision", json!({"uri": ours, "cid": cid(&record), "commit": {"rev": 7}})),
            ("not a commit", json!({"uri": ours, "cid": cid(&record), "commit": "rev"})),
            ("huge", json!({"uri": ours, "cid": cid(&record), "commit": commit, "x": "x".repeat(1 << 20)})),
            ("not an object", json!([ours])),
        ] {
            let written = rig.write(pds.says(200, answer.to_string()), &put("a", &record)).await;
            assert_eq!(written.confirmed, None, "{lie}");
            assert_eq!(written.answer.body, answer.to_string(), "{lie}");
        }
        for (write, answer) in [(put("a", &record), "<html>"), (put("a", &record), ""), (removal("a"), "[]")]
        {
            assert_eq!(rig.write(pds.says(200, answer), &write).await.confirmed, None, "{answer}");
        }
        let nested = format!("{}{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000));
        assert_eq!(rig.write(pds.says(200, nested), &removal("a")).await.confirmed, None);
        assert!(rig.all().await.is_empty() && rig.told().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_an_answer() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (pds, record) = (Pds::new(ALICE), json!({"text": "hi"}));
        let honest = json!({"uri": format!("at://{ALICE}/com.example.note/a"), "cid": cid(&record)});
        for status in [302, 400, 401, 403, 500] {
            let written = rig.write(pds.says(status, honest.to_string()), &creation(&record)).await;
            assert_eq!((written.answer.status.as_u16(), written.confirmed), (status, None));
        }
        assert!(rig.all().await.is_empty());
    })
    .await;
}

/// An operator has removed a record that the stream has yet to tell of.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_of_the_view_does_not_echo() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let (mut running, pds) = (rig.start(), Pds::new(ALICE));
        running.live().await;
        let record = json!({"text": "hi"});
        drop(rig.write(pds.confirms("a", &rev(1), &record), &creation(&record)).await);
        let (did, rkey) = (ALICE.parse().unwrap(), "a".parse().unwrap());
        assert!(rig.records.delete(&did, &note(), &rkey, "operator").await.unwrap());
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &record));
        rig.committed(&mut running, T).await;
        assert_eq!(rig.get(ALICE, "a").await, None);
        let edited = json!({"text": "hello"});
        drop(rig.write(pds.confirms("a", &rev(2), &edited), &put("a", &edited)).await);
        assert_eq!(value(rig.get(ALICE, "a").await), Some(edited), "a newer version counts again");
        running.stop().await;
    })
    .await;
}
