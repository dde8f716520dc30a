//! What is not shown is not found, by no question.

use atproto::{Did, Nsid, RecordKey};
use clock::now_micros;
use find::{Backlinks, Find, Search, json_record};
use records::RepoStatus;
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, NOTE, Rig, key, numbers, schemas};

const TARGET: &str = "at://did:web:carol.example/com.example.post/1";

/// The answers to all kinds of questions.
async fn seen(rig: &Rig) -> Vec<Vec<usize>> {
    let backlinks = Backlinks::parse(&json!({"collection": NOTE, "uri": TARGET})).unwrap();
    let search = Search::parse(&json!({"collection": NOTE, "field": "name", "query": "x"})).unwrap();
    let filter = json!({"field": "name", "value": "x"});
    vec![
        numbers(&rig.page(json!({ "collection": NOTE })).await.records),
        numbers(&rig.page(json!({"collection": NOTE, "filter": filter})).await.records),
        numbers(&rig.page(json!({"collection": NOTE, "sort": "uri"})).await.records),
        numbers(&rig.find.backlinks(backlinks).await.unwrap().records),
        numbers(&rig.find.search(search).await.unwrap()),
    ]
}

async fn counts(find: &Find) -> [i64; 3] {
    let note = Nsid::parse(NOTE).unwrap();
    let count = async |did| find.count(&note, did).await.unwrap();
    [count(None).await, count(Some(ALICE)).await, count(Some(BOB)).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_repository_that_is_not_served_and_deleted_ones() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let note = |number| (key(number), json!({"name": "x", "subject": TARGET}));
        rig.fill(ALICE, NOTE, vec![note(0), note(2)]).await;
        rig.fill(BOB, NOTE, vec![note(1)]).await;
        for answer in seen(&rig).await {
            let mut all = answer;
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2]);
        }
        assert_eq!(counts(&rig.find).await, [3, 2, 1]);
        let bob = Did::parse(BOB).unwrap();
        let uri = format!("at://{BOB}/{NOTE}/{}", key(1));
        assert!(rig.find.get(&uri).await.unwrap().is_some());

        assert!(rig.records.observe_status(&bob, RepoStatus::Deactivated, now_micros()).await.unwrap());
        let alice =
            (Did::parse(ALICE).unwrap(), Nsid::parse(NOTE).unwrap(), RecordKey::parse(&key(2)).unwrap());
        assert!(rig.records.delete(&alice.0, &alice.1, &alice.2, "operator").await.unwrap());
        assert_eq!(seen(&rig).await, vec![vec![0]; 5]);
        assert_eq!(counts(&rig.find).await, [1, 1, 0]);
        assert_eq!(rig.find.get(&uri).await.unwrap(), None);

        assert!(rig.records.observe_status(&bob, RepoStatus::Active, now_micros()).await.unwrap());
        assert_eq!(counts(&rig.find).await, [2, 1, 1]);
        assert!(rig.find.get(&uri).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_by_its_uri() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[json!({"uri": "at://liar", "n": 1.5, "big": 1_u64 << 53})]).await;
        let uri = format!("at://{ALICE}/{NOTE}/{}", key(0));
        let found = rig.find.get(&uri).await.unwrap().unwrap();
        assert_eq!(
            (found.uri.as_str(), found.did.as_str(), found.cid.is_some()),
            (uri.as_str(), ALICE, true)
        );
        let record: Value = serde_json::from_str(&json_record(&found)).unwrap();
        assert_eq!(record, json!({"uri": uri, "n": 1.5, "big": 1_u64 << 53}));
        for uri in [
            "",
            "x",
            "at://",
            &format!("at://{ALICE}"),
            &format!("at://{ALICE}/{NOTE}"),
            &format!("at://alice.example/{NOTE}/{}", key(0)),
            &format!("at://{ALICE}/{NOTE}/{}", key(1)),
            &format!("{uri}/x"),
            "at://a\0b/c",
        ] {
            assert_eq!(rig.find.get(uri).await.unwrap(), None, "{uri:?}");
        }
        let nothing = Nsid::parse("com.example.nothing").unwrap();
        assert_eq!(rig.find.count(&nothing, None).await.unwrap(), 0);
        assert_eq!(rig.find.count(&nothing, Some("x\0")).await.unwrap(), 0);
    })
    .await;
}
