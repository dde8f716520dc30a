//! Hooks decide before anything is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use atproto::Nsid;
use futures::future::BoxFuture;
use records::{Decision, IngestHook, RecordAction, RecordEvent, SCHEMAS};
use serde_json::json;
use testkit::on_each_engine;

use crate::rig::{ALICE, Rig, rev};
use crate::stream::{create, delete, update};
use crate::writes::{Pds, creation};

const T: i64 = 1_750_000_000_000_000;

/// Skips what says so, upper-cases what says so, fails the first time it is asked.
#[derive(Default)]
struct Editor {
    asked: AtomicU32,
}

impl IngestHook for Editor {
    fn wants(&self, collection: &Nsid) -> bool {
        collection.as_str() == "com.example.note"
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        Box::pin(async move {
            if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(store::Error::Sql {
                    kind: store::ErrorKind::Conflict,
                    message: "passes".into(),
                    sql: String::new(),
                });
            }
            Ok(batch.iter().map(decide).collect())
        })
    }
}

fn decide(event: &RecordEvent) -> Decision {
    match &event.action {
        RecordAction::Put { json, .. } if json.contains("skip") => Decision::Skip,
        RecordAction::Put { json, .. } if json.contains("shout") => {
            Decision::Replace(json!({"text": "HEY", "see": "at://replaced"}).to_string())
        }
        RecordAction::Put { json, .. } if json.contains("break") => {
            Decision::Replace("[not an object".into())
        }
        RecordAction::Delete if event.rkey.as_str() == "keep" => Decision::Skip,
        _ => Decision::Keep,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keep_replace_and_skip() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start_as("one", vec![Arc::new(Editor::default())]);
        running.live().await;
        let send = |n: i64, event: String| rig.stream.send(T + n, event);
        send(0, create(ALICE, "plain", &rev(0), T, &json!({"text": "hi"})));
        send(1, create(ALICE, "loud", &rev(1), T + 1, &json!({"text": "shout"})));
        send(2, create(ALICE, "none", &rev(2), T + 2, &json!({"text": "skip"})));
        send(3, create(ALICE, "was", &rev(3), T + 3, &json!({"text": "hi"})));
        send(4, update(ALICE, "was", &rev(4), T + 4, &json!({"text": "skip"})));
        send(5, create(ALICE, "keep", &rev(5), T + 5, &json!({"text": "hi"})));
        send(6, delete(ALICE, "keep", &rev(6), T + 6));
        send(7, delete(ALICE, "plain", &rev(7), T + 7));
        send(8, create(ALICE, "open", &rev(8), T + 8, &json!({"text": "break"})));
        rig.committed(&mut running, T + 8).await;
        let left: Vec<_> = rig
            .all()
            .await
            .into_iter()
            .map(|(uri, json)| (uri.rsplit('/').next().unwrap().to_owned(), json))
            .collect();
        assert_eq!(
            left,
            [
                ("keep".to_owned(), json!({"text": "hi"})),
                ("loud".to_owned(), json!({"text": "HEY", "see": "at://replaced"})),
                ("open".to_owned(), json!({"text": "break"})),
            ]
        );
        // The CID is that of the author's record, the references are those of what is stored.
        let announced = serde_json::from_str::<serde_json::Value>(&create(
            ALICE,
            "loud",
            &rev(1),
            T + 1,
            &json!({"text": "shout"}),
        ))
        .unwrap();
        assert_eq!(rig.get(ALICE, "loud").await.unwrap().cid.as_deref(), announced["commit"]["cid"].as_str());
        let refs = rig
            .store
            .index
            .read(|c| c.query("SELECT target_uri FROM record_refs", &[], |row| row.string(0)))
            .await
            .unwrap();
        assert_eq!(refs, ["at://replaced"]);
        running.stop().await;
    })
    .await;
}

/// What is written from here is as it was written, until the stream brings it and the hook has its say.
#[tokio::test(flavor = "multi_thread")]
async fn writes_await_the_decision() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let editor = Arc::new(Editor::default());
        let mut running = rig.start_as("one", vec![Arc::<Editor>::clone(&editor)]);
        running.live().await;
        let pds = Pds::new(ALICE);
        let (loud, none) = (json!({"text": "shout"}), json!({"text": "skip"}));
        for (n, rkey, record) in [(1, "loud", &loud), (2, "none", &none), (3, "gone", &loud)] {
            pds.confirms(rkey, &rev(n), record);
            rig.records.write(&pds, &creation(record)).await.unwrap();
        }
        assert_eq!(rig.all().await.len(), 3);
        assert_eq!(editor.asked.load(Ordering::SeqCst), 0, "hooks are asked about what a source says");
        let (did, gone) = (ALICE.parse().unwrap(), "gone".parse().unwrap());
        assert!(rig.records.delete(&did, &crate::rig::note(), &gone, "operator").await.unwrap());
        for (n, rkey, record) in [(1, "loud", &loud), (2, "none", &none), (3, "gone", &loud)] {
            rig.stream.send(T + n, create(ALICE, rkey, &rev(n), T + n, record));
        }
        rig.committed(&mut running, T + 3).await;
        let left: Vec<_> = rig.all().await.into_iter().map(|(_, json)| json).collect();
        assert_eq!(left, [json!({"text": "HEY", "see": "at://replaced"})]);
        running.stop().await;
    })
    .await;
}

/// What is only watched reaches hooks and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn watched_collections_are_shown_and_not_stored() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        rig.wanted
            .set("test", records::Interest { watch: [crate::rig::note()].into(), ..Default::default() });
        let editor = Arc::new(Editor::default());
        let mut running = rig.start_as("one", vec![Arc::<Editor>::clone(&editor)]);
        running.live().await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        rig.committed(&mut running, T).await;
        assert!(editor.asked.load(Ordering::SeqCst) >= 2);
        assert!(rig.all().await.is_empty());
        running.stop().await;
    })
    .await;
}

/// Refuses what says so.
struct Strict;

impl IngestHook for Strict {
    fn wants(&self, _: &Nsid) -> bool {
        true
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        let refuses = |event: &RecordEvent| match &event.action {
            RecordAction::Put { json, .. } => json.contains("wrong"),
            _ => event.rkey.as_str() == "odd",
        };
        let decide = move |event| if refuses(event) { Decision::Refuse } else { Decision::Keep };
        Box::pin(async move { Ok(batch.iter().map(decide).collect()) })
    }
}

/// Remembers what it was asked about.
#[derive(Default)]
struct Witness(std::sync::Mutex<Vec<String>>);

impl IngestHook for Witness {
    fn wants(&self, _: &Nsid) -> bool {
        true
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        let seen = batch.iter().map(|event| format!("{} {}", event.rkey.as_str(), event.rev));
        self.0.lock().unwrap().extend(seen);
        Box::pin(async move { Ok(vec![Decision::Keep; batch.len()]) })
    }
}

/// What is refused is not here, nor what it replaces, and nobody else is asked about it; a deletion that is refused is one.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_final() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let witness = Arc::new(Witness::default());
        let mut running = rig.start_as("one", vec![Arc::new(Strict), Arc::<Witness>::clone(&witness)]);
        running.live().await;
        let send = |n: i64, event: String| rig.stream.send(T + n, event);
        send(0, create(ALICE, "good", &rev(0), T, &json!({"text": "right"})));
        send(1, create(ALICE, "bad", &rev(1), T + 1, &json!({"text": "wrong"})));
        send(2, create(ALICE, "was", &rev(2), T + 2, &json!({"text": "right"})));
        send(3, update(ALICE, "was", &rev(3), T + 3, &json!({"text": "wrong"})));
        send(4, create(ALICE, "odd", &rev(4), T + 4, &json!({"text": "right"})));
        send(5, delete(ALICE, "odd", &rev(5), T + 5));
        rig.committed(&mut running, T + 5).await;
        let left: Vec<_> = rig.all().await.into_iter().map(|(uri, _)| uri).collect();
        assert!(matches!(&left[..], [uri] if uri.ends_with("/good")), "{left:?}");
        let seen = witness.0.lock().unwrap().clone();
        assert_eq!(seen, [("good", 0), ("was", 2), ("odd", 4)].map(|(rkey, n)| format!("{rkey} {}", rev(n))));
        running.stop().await;
    })
    .await;
}
