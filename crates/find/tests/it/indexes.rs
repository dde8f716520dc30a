//! Indexes of the fields that are searched.

use std::time::{Duration, Instant};

use clock::now_micros;
use find::Search;
use records::RepoStatus;
use serde_json::{Value, json};
use store::{Conn, v};
use testkit::on_each_engine;

use crate::rig::{ALICE, NOTE, Rig, key, numbers, schemas};
use crate::search::search;

async fn indexed(rig: &Rig) -> bool {
    rig.find.index_field(&NOTE.parse().unwrap(), &"name".parse().unwrap()).await.unwrap()
}

/// What an index has of the texts, by asking for what only it can answer.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_in_step_with_the_records() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let name = |number: usize| json!({"name": format!("Straw no. {number}"), "v": 1});
        let mut notes: Vec<Value> = (0..3000).map(name).collect();
        rig.notes(&notes).await;
        assert!(indexed(&rig).await);
        assert!(!indexed(&rig).await, "it is there");
        assert_eq!(search(&rig, "STRAW NO. 77").await.len(), 11);
        assert_eq!(search(&rig, "no. 2999").await, [2999]);

        notes[77] = json!({"name": "Needle 100%"});
        notes[78] = json!({"name": 78});
        notes[79] = json!({"name": "Straw no. 79", "v": 2});
        notes.push(json!({"name": "nEEDLE_2"}));
        notes.remove(5);
        let keys = (0..5).chain(6..=3000);
        let records = keys.map(key).zip(notes).collect();
        rig.fill(ALICE, NOTE, records).await;
        assert_eq!(search(&rig, "needle").await, [77, 3000]);
        assert_eq!(search(&rig, "le 100%").await, [77]);
        assert_eq!(search(&rig, "dle_").await, [3000]);
        assert_eq!(search(&rig, "no. 77").await, (770..780).collect::<Vec<_>>());
        assert_eq!(search(&rig, "no. 78").await, (780..790).collect::<Vec<_>>());
        assert_eq!(search(&rig, "no. 79").await[0], 79);
        assert_eq!(search(&rig, "straw no. 5").await[..2], [50, 500]);
        assert_eq!(search(&rig, "e").await.len(), 2, "too short for the index");

        let (did, note) = (ALICE.parse().unwrap(), NOTE.parse().unwrap());
        assert!(rig.records.delete(&did, &note, &key(77).parse().unwrap(), "operator").await.unwrap());
        assert_eq!(search(&rig, "needle").await, [3000]);
        rig.records.observe_status(&did, RepoStatus::Deactivated, now_micros()).await.unwrap();
        assert_eq!(search(&rig, "needle").await, Vec::<usize>::new());
        rig.records.observe_status(&did, RepoStatus::Active, now_micros()).await.unwrap();
        assert_eq!(search(&rig, "needle").await, [3000]);
        rig.records.purge(&note).await.unwrap();
        assert_eq!(search(&rig, "needle").await, Vec::<usize>::new());
        rig.notes(&[json!({"name": "needle"})]).await;
        assert_eq!(search(&rig, "needle").await, [0]);
    })
    .await;
}

/// Records that come, change and go while the index is built.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_slips_past_an_index_that_is_being_built() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let name = |number: usize, round: usize| json!({"name": format!("round {round} of {number}")});
        let fill = async |round: usize| {
            // Every round some more, and without those of another remainder.
            let numbers = (0..4000 + round * 500).filter(|number| number % 7 != round);
            rig.fill(ALICE, NOTE, numbers.map(|number| (key(number), name(number, round))).collect()).await;
        };
        fill(0).await;
        let changes = async {
            for round in 1..4 {
                fill(round).await;
            }
        };
        let (built, ()) = tokio::join!(indexed(&rig), changes);
        assert!(built);
        fill(4).await;
        let count = (0..6000).filter(|number| number % 7 != 4).count();
        let page = search(&rig, "round 4 of 59").await;
        let expected = (0..6000).filter(|number| number % 7 != 4 && number.to_string().starts_with("59"));
        assert_eq!(page.len(), expected.count());
        assert_eq!(search(&rig, "round 3").await, Vec::<usize>::new());
        let note = NOTE.parse().unwrap();
        assert_eq!(usize::try_from(rig.find.count(&note, None).await.unwrap()).unwrap(), count);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_searched_gets_an_index() {
    on_each_engine(&schemas(), |store| async move {
        const BUILT: &str = "SELECT count(*) FROM search_fields WHERE built = 9223372036854775807";
        let mut rig = Rig::new(&store);
        rig.find = rig.find.with_search_indexes(2);
        let built = async || {
            let count = |conn: &mut Conn<'_>| conn.query_one(BUILT, &[], |row| row.int(0));
            store.index.read::<_, store::Error, _>(count).await.unwrap()
        };
        rig.notes(&[json!({"name": "needle"})]).await;
        assert_eq!(search(&rig, "needle").await, [0]);
        assert!(indexed(&rig).await, "one record needs no index, but may have one");
        assert_eq!(built().await, 1);

        let record = |number| (key(number), json!({"name": "needle"}));
        rig.fill(ALICE, "com.example.other", vec![record(0), record(1)]).await;
        let json = json!({"collection": "com.example.other", "field": "name", "query": "needle"});
        let deadline = Instant::now() + Duration::from_secs(30);
        while built().await < 2 {
            assert!(Instant::now() < deadline, "never built");
            let found = rig.find.search(Search::parse(&json).unwrap()).await.unwrap();
            assert_eq!(numbers(&found), [0, 1]);
        }
        let found = rig.find.search(Search::parse(&json).unwrap()).await.unwrap();
        assert_eq!(numbers(&found), [0, 1]);
    })
    .await;
}

/// What scripts search may come from strangers.
#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_indexes_is_bounded() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&[json!({"name": "needle"})]).await;
        let fill = |conn: &mut Conn<'_>| {
            (0..32).try_for_each(|number| {
                let sql = "INSERT INTO search_fields (collection_id, path, built, next_try_at) VALUES (1, $1, 0, 0)";
                conn.execute(sql, &[v(&format!("field{number}"))]).map(drop)
            })
        };
        store.index.write::<_, store::Error, _>(fill).await.unwrap();
        assert!(!indexed(&rig).await);
        assert_eq!(search(&rig, "needle").await, [0]);
    })
    .await;
}

/// A building that was killed.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_begun_anew_when_its_builder_is_gone() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..3000).map(|number| json!({"name": format!("needle {number}")})).collect::<Vec<_>>())
            .await;
        assert!(indexed(&rig).await);
        let set = async |sql: &'static str| {
            store.index.write::<_, store::Error, _>(move |conn| conn.execute(sql, &[])).await.unwrap()
        };
        set("UPDATE search_fields SET built = 2000, next_try_at = 9223372036854775807").await;
        assert!(!indexed(&rig).await, "somebody is at it");
        assert_eq!(search(&rig, "needle 2999").await, [2999]);
        set("UPDATE search_fields SET next_try_at = 0").await;
        assert!(indexed(&rig).await);
        assert_eq!(search(&rig, "needle 2999").await, [2999]);
        assert_eq!(search(&rig, "needle 7").await.len(), 100);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_outlives_a_restart() {
    for database in testkit::databases().await {
        let rig = Rig::new(&database.open(&schemas()).await);
        rig.notes(&[json!({"name": "needle"})]).await;
        assert!(indexed(&rig).await);
        let rig = Rig::new(&database.open(&schemas()).await);
        assert!(!indexed(&rig).await);
        assert_eq!(search(&rig, "needle").await, [0]);
    }
}

/// Without the index the search would find what has been taken out of the index.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_what_answers() {
    let database = testkit::TestDatabase::sqlite();
    let store = database.open(&schemas()).await;
    let rig = Rig::new(&store);
    rig.notes(&[json!({"name": "needle"}), json!({"name": "another needle"})]).await;
    assert!(indexed(&rig).await);
    let out = "DELETE FROM search_1 WHERE rowid = 1";
    store.index.write(move |conn| conn.execute(out, &[])).await.unwrap();
    assert_eq!(search(&rig, "needle").await, [1]);
    assert_eq!(search(&rig, "ne").await, [0, 1], "too short for it");
}

/// A search would not notice, since it compares again, but the index would grow for ever.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_keeps_no_texts_that_are_gone() {
    let database = testkit::TestDatabase::sqlite();
    let store = database.open(&schemas()).await;
    let rig = Rig::new(&store);
    let kept = async || {
        let rows = |conn: &mut Conn<'_>| {
            conn.query("SELECT rowid FROM search_1 WHERE search_1 MATCH '\"eed\"'", &[], |row| row.int(0))
        };
        store.index.read::<_, store::Error, _>(rows).await.unwrap()
    };
    let needle = || json!({"name": "needle"});
    rig.notes(&[needle(), needle(), needle(), needle()]).await;
    assert!(indexed(&rig).await);
    assert_eq!(kept().await, [1, 2, 3, 4]);
    rig.notes(&[needle(), json!({"name": "straw"}), json!({"name": 3})]).await;
    assert_eq!(kept().await, [1]);
    rig.records.purge(&NOTE.parse().unwrap()).await.unwrap();
    assert_eq!(kept().await, Vec::<i64>::new());
}
