//! Records that are saved here, against everything that may happen around them.

use atproto::Cid;
use remote::Found;
use serde_json::{Value, json};
use store::{Error as StoreError, Store};
use testkit::on_each_engine;

use super::reconcile::{all, found, here_of, reconcile};
use super::{collection, commit, delete, did, put, record_event, records, rkey, status};
use crate::event::Event;
use crate::{Action, Decision, Error, LocalRecord, RecordAction, Records, RepoStatus, SCHEMAS};

/// What is saved here: its number is far from those of revisions.
pub(super) fn saved(account: u8, key: u8, n: u32) -> LocalRecord {
    let record = json!({"n": n, "subject": format!("at://target/{n}"), "root": {"uri": "at://common"}});
    LocalRecord {
        did: did(account),
        collection: collection(1),
        rkey: rkey(key),
        json: record.to_string(),
        by: "script".to_owned(),
        effect: None,
    }
}

/// What the stream says of a version, its CID included.
pub(super) fn streamed(account: u8, key: u8, n: u32, at: u32) -> Event {
    let Found { json, cid, refs, .. } = found(key, n);
    record_event(account, 1, key, at, RecordAction::Put { json, cid: Some(cid), refs })
}

fn keys(list: &[(u8, i64)]) -> Vec<(String, i64)> {
    list.iter().map(|(key, n)| (format!("key{key}"), *n)).collect()
}

async fn here(store: &Store) -> Vec<(String, i64)> {
    here_of(store, 1).await
}

/// Everything in the database of the index goes.
pub(super) async fn lose_the_index(store: &Store) {
    store
        .index
        .write(|conn| {
            for table in [
                "backlinks",
                "changes",
                "coverage",
                "record_rows",
                "local_rows",
                "departures",
                "repos",
                "collections",
            ] {
                conn.execute(&format!("DELETE FROM {table}"), &[])?;
            }
            conn.execute("UPDATE index_identity SET settled_until = 0", &[]).map(drop)
        })
        .await
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
}

/// What is kept: the URI's key, the decision and the number of the record.
async fn kept(store: &Store) -> Vec<(String, String, Option<i64>)> {
    let read = |conn: &mut store::Conn<'_>| {
        conn.query("SELECT uri, decision, record FROM local_decisions ORDER BY uri", &[], |row| {
            let n = row
                .opt_text(2)?
                .map(|json| serde_json::from_str::<Value>(json).unwrap()["n"].as_i64().unwrap());
            let key = row.text(0)?.rsplit('/').next().unwrap().to_owned();
            Ok::<_, StoreError>((key, row.string(1)?, n))
        })
    };
    store.state.read(read).await.unwrap()
}

async fn cid_here(records: &Records, key: u8) -> Option<Option<String>> {
    records.get(&did(1), &collection(1), &rkey(key)).await.unwrap().map(|record| record.cid)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_else_has_is_here_until_it_is_deleted() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        assert_eq!(records.save_local(saved(1, 1, 500)).await.unwrap(), rkey(1));
        assert_eq!(here(&store).await, keys(&[(1, 500)]));
        assert_eq!(cid_here(&records, 1).await, Some(None));
        let links = super::model::read(&store).await.refs;
        assert!(links.iter().any(|(_, target)| target == "at://target/500"), "{links:?}");
        // The same again is nothing, another is an update.
        let last = records.last_change().await.unwrap();
        let mut committed = records.committed();
        records.save_local(saved(1, 1, 500)).await.unwrap();
        assert_eq!(records.last_change().await.unwrap(), last);
        records.save_local(saved(1, 1, 501)).await.unwrap();
        assert!(committed.has_changed().unwrap() && *committed.borrow_and_update() == last + 1);
        let changes = records.changes(0, 10).await.unwrap();
        let actions: Vec<_> = changes.iter().map(|change| change.action).collect();
        assert_eq!(actions, [Action::Create, Action::Update]);
        // Its host has read everything, and it is not there.
        assert_eq!(reconcile(&store, all(1, 1, 9, vec![found(2, 2)])).await.removed, 0);
        assert_eq!(here(&store).await, keys(&[(1, 501), (2, 2)]));
        assert!(records.delete(&did(1), &collection(1), &rkey(1), "script").await.unwrap());
        assert!(!records.delete(&did(1), &collection(1), &rkey(1), "script").await.unwrap());
        assert_eq!(here(&store).await, keys(&[(2, 2)]));
        // Nothing is held against a record that its author makes under that name.
        reconcile(&store, all(1, 1, 10, vec![found(1, 1), found(2, 2)])).await;
        assert_eq!(here(&store).await, keys(&[(1, 1), (2, 2)]));
        records.sweep_all().await;
        assert_eq!(kept(&store).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_place_of_a_version_it_stays_until_there_is_a_newer_one() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, (1..=3).map(|key| streamed(1, key, u32::from(key), u32::from(key))).collect()).await;
        for key in 1..=3 {
            records.save_local(saved(1, key, 500 + u32::from(key))).await.unwrap();
        }
        let annotated = keys(&[(1, 501), (2, 502), (3, 503)]);
        assert_eq!((here(&store).await, cid_here(&records, 1).await), (annotated.clone(), Some(None)));
        let quiet = records.last_change().await.unwrap();
        // Delivered again; named by another source as of a later revision; read from its host, even by force.
        commit(&store, vec![streamed(1, 1, 1, 1), streamed(1, 2, 2, 7)]).await;
        let part = || all(1, 1, 8, vec![found(1, 1), found(2, 2), found(3, 3)]);
        assert_eq!(reconcile(&store, part()).await.unchanged, 3);
        let along: crate::Along = std::sync::Arc::new(|_, _| Ok(()));
        records.reconcile(vec![part()], true, along).await.unwrap();
        assert_eq!((here(&store).await, records.last_change().await.unwrap()), (annotated.clone(), quiet));
        // Whoever compares with the host sees what it has.
        let versions = (1..=3).map(|key| (format!("key{key}"), found(key, u32::from(key)).cid.to_string()));
        records.save_local(saved(1, 4, 504)).await.unwrap();
        assert_eq!(network_records(&store).await, versions.collect::<Vec<_>>());
        assert!(records.delete(&did(1), &collection(1), &rkey(4), "script").await.unwrap());
        let last = records.last_change().await.unwrap();
        // Older than the revision at which the version is known to have been there.
        commit(&store, vec![streamed(1, 2, 77, 6)]).await;
        assert_eq!((here(&store).await, records.last_change().await.unwrap()), (annotated, last));
        // A newer version, one that only a host tells of, a deletion.
        commit(&store, vec![streamed(1, 1, 10, 10)]).await;
        reconcile(&store, all(1, 1, 11, vec![found(1, 10), found(2, 20), found(3, 3)])).await;
        commit(&store, vec![delete(1, 1, 3, 12)]).await;
        assert_eq!(here(&store).await, keys(&[(1, 10), (2, 20)]));
        records.sweep_all().await;
        assert_eq!((kept(&store).await, local_rows(&store).await), (Vec::new(), 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_at_the_source_that_only_a_listing_shows_removes_it() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, vec![streamed(1, 1, 1, 1)]).await;
        records.save_local(saved(1, 1, 500)).await.unwrap();
        records.save_local(saved(1, 2, 501)).await.unwrap();
        lose_the_index(&store).await;
        records.settle().await.unwrap();
        assert_eq!(here(&store).await, keys(&[(1, 500), (2, 501)]));
        assert_eq!(reconcile(&store, all(1, 1, 9, Vec::new())).await.removed, 1);
        assert_eq!(here(&store).await, keys(&[(2, 501)]));
        records.settle().await.unwrap();
        lose_the_index(&store).await;
        records.settle().await.unwrap();
        assert_eq!(here(&store).await, keys(&[(2, 501)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_and_operators_decide_about_it_as_about_any_record() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, vec![streamed(1, 1, 1, 1), streamed(2, 1, 1, 1)]).await;
        for account in [1, 2] {
            records.save_local(saved(account, 1, 500)).await.unwrap();
            records.save_local(saved(account, 2, 501)).await.unwrap();
        }
        commit(&store, vec![status(1, RepoStatus::Takendown)]).await;
        assert_eq!(here(&store).await, keys(&[]));
        records.save_local(saved(1, 3, 502)).await.unwrap();
        assert_eq!(here(&store).await, keys(&[]));
        commit(&store, vec![status(1, RepoStatus::Active)]).await;
        assert_eq!(here(&store).await, keys(&[(1, 500), (2, 501), (3, 502)]));
        commit(&store, vec![status(1, RepoStatus::Deleted)]).await;
        assert!(matches!(records.save_local(saved(1, 4, 503)).await, Err(Error::AccountDeleted(_))));
        commit(&store, vec![status(9, RepoStatus::Deleted)]).await;
        assert!(matches!(records.save_local(saved(9, 4, 503)).await, Err(Error::AccountDeleted(_))));
        // An operator's deletion is about the version that was replaced.
        assert!(records.delete(&did(2), &collection(1), &rkey(1), "operator").await.unwrap());
        commit(&store, vec![streamed(2, 1, 1, 1)]).await;
        reconcile(&store, all(2, 1, 9, vec![found(1, 1)])).await;
        assert_eq!(here_of(&store, 2).await, keys(&[(2, 501)]));
        records.settle().await.unwrap();
        let left = [("key1".into(), "deleted".into(), None), ("key2".into(), "saved".into(), Some(501))];
        assert_eq!(kept(&store).await, left);
        // Saved over what was deleted, it stands for that version.
        records.save_local(saved(2, 1, 504)).await.unwrap();
        reconcile(&store, all(2, 1, 9, vec![found(1, 1)])).await;
        assert_eq!(here_of(&store, 2).await, keys(&[(1, 504), (2, 501)]));
        assert_eq!(records.purge(&collection(1)).await.unwrap(), 2);
        lose_the_index(&store).await;
        records.settle().await.unwrap();
        assert_eq!(here_of(&store, 2).await, keys(&[]));
        reconcile(&store, all(2, 1, 9, vec![found(1, 1)])).await;
        assert_eq!(here_of(&store, 2).await, keys(&[(1, 1)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_finished_is_finished_later() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        records.settle().await.unwrap();
        commit(&store, vec![streamed(1, 1, 1, 1), streamed(1, 2, 2, 2)]).await;
        records.save_local(saved(1, 3, 503)).await.unwrap();
        // As a crash between the databases leaves it: the index does not know.
        records.decide_to_save(saved(1, 1, 501)).await.unwrap();
        for key in [2, 3] {
            let name = (did(1), collection(1), rkey(key));
            assert!(records.decide_to_delete(name, "operator").await.unwrap().is_some());
        }
        assert_eq!(here(&store).await, keys(&[(1, 1), (2, 2), (3, 503)]));
        records.settle().await.unwrap();
        assert_eq!(here(&store).await, keys(&[(1, 501)]));
        let last = records.last_change().await.unwrap();
        records.settle().await.unwrap();
        assert_eq!(records.last_change().await.unwrap(), last);
        // A backup in the place of the durable tables: it is the truth.
        store.state.write(|conn| conn.execute("DELETE FROM local_decisions", &[])).await.unwrap();
        records.unsettle().await.unwrap();
        records.settle().await.unwrap();
        assert_eq!(here(&store).await, keys(&[]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_makes_one_record_however_often_it_happens() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        let effect = |key, n, name: &str| LocalRecord { effect: Some(name.to_owned()), ..saved(1, key, n) };
        assert_eq!(records.save_local(effect(1, 500, "event#1")).await.unwrap(), rkey(1));
        assert_eq!(records.save_local(effect(2, 500, "event#1")).await.unwrap(), rkey(1));
        assert_eq!(records.save_local(effect(3, 501, "event#2")).await.unwrap(), rkey(3));
        // Changed in between by its name, it still is that effect's.
        records.save_local(saved(1, 1, 502)).await.unwrap();
        assert_eq!(records.save_local(effect(4, 503, "event#1")).await.unwrap(), rkey(1));
        assert_eq!(here(&store).await, keys(&[(1, 503), (3, 501)]));
        let elsewhere = LocalRecord { did: did(2), ..effect(5, 500, "event#1") };
        assert_eq!(records.save_local(elsewhere).await.unwrap(), rkey(5));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        for json in ["[]", "1", "{", r#"{"a":1e999}"#, &format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20))] {
            let refused = records.save_local(LocalRecord { json: json.to_owned(), ..saved(1, 1, 1) }).await;
            assert!(matches!(refused, Err(Error::Rejected(_))), "{json:.20} {refused:?}");
        }
        records.pretend_saved(1_000_000);
        assert!(matches!(records.save_local(saved(1, 1, 1)).await, Err(Error::TooManySaved(1_000_000))));
        assert_eq!((kept(&store).await, here(&store).await), (Vec::new(), Vec::new()));
        // They are counted again.
        records.settle().await.unwrap();
        records.save_local(saved(1, 1, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_only_here_are_no_burden_to_a_listing() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        // More than a transaction of a listing looks at would be too slow to save here; the rows are what counts.
        records.save_local(saved(1, 1, 500)).await.unwrap();
        multiply(&store, 6_000).await;
        assert_eq!(reconcile(&store, all(1, 1, 9, vec![found(2, 2)])).await.created, 1);
        assert_eq!(here(&store).await.len(), 6_002);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_decides_late_about_its_own_version_only() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, vec![streamed(1, 1, 1, 1), put(1, 1, 2, 2)]).await;
        for key in [1, 2] {
            records.save_local(saved(1, key, 500)).await.unwrap();
        }
        for (key, cid) in [(1, Some(found(1, 1).cid)), (2, None::<Cid>)] {
            let late = records.redecide(&did(1), &collection(1), &rkey(key), cid, Decision::Skip).await;
            assert!(!late.unwrap());
        }
        assert_eq!(here(&store).await, keys(&[(1, 500), (2, 500)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_kept_and_obeyed() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        for round in 0..5_u32 {
            let saves = (0..8).map(|n| {
                let (records, key) = (records.clone(), rkey(1));
                tokio::spawn(async move {
                    if n % 4 == 3 {
                        records.delete(&did(1), &collection(1), &key, "script").await.map(drop)
                    } else {
                        records.save_local(saved(1, 1, 500 + round * 10 + n)).await.map(drop)
                    }
                })
            });
            for save in futures::future::join_all(saves).await {
                save.unwrap().unwrap();
            }
            let kept = kept(&store).await.into_iter().filter_map(|(key, _, n)| Some((key, n?)));
            assert_eq!(here(&store).await, kept.collect::<Vec<_>>());
        }
    })
    .await;
}

impl Records {
    /// As if whatever was decided had been decided long ago.
    async fn sweep_all(&self) {
        self.settle_at(crate::now_micros() + clock::micros(std::time::Duration::from_hours(1)))
            .await
            .unwrap();
    }
}

async fn local_rows(store: &Store) -> i64 {
    let count = |conn: &mut store::Conn<'_>| {
        conn.query_one::<_, StoreError>("SELECT count(*) FROM local_rows", &[], |row| row.int(0))
    };
    store.index.read(count).await.unwrap()
}

/// Copies the only row often.
async fn multiply(store: &Store, times: u32) {
    let numbers =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})");
    let rows = format!(
        "INSERT INTO record_rows
             (id, collection_id, repo_id, rkey, rev, cid, record, visible, created_at, indexed_at)
         {numbers} SELECT r.id + i, r.collection_id, r.repo_id, 'many' || i, 0, NULL, r.record, 1, r.created_at,
                          r.indexed_at FROM record_rows r, n"
    );
    let marks = format!(
        "INSERT INTO local_rows (collection_id, repo_id, rkey, only_here, cid, decided_at, ended)
         {numbers} SELECT l.collection_id, l.repo_id, 'many' || i, 1, NULL, 1, 0 FROM local_rows l, n"
    );
    let insert = move |conn: &mut store::Conn<'_>| {
        conn.execute(&rows, &[])?;
        conn.execute(&marks, &[])
    };
    store.index.write::<_, StoreError, _>(insert).await.unwrap();
}

/// By key, the CID of every version that the index knows of an author's.
async fn network_records(store: &Store) -> Vec<(String, String)> {
    let read = |conn: &mut store::Conn<'_>| {
        conn.query("SELECT rkey, cid FROM network_records ORDER BY rkey", &[], |row| {
            Ok::<_, StoreError>((row.string(0)?, row.string(1)?))
        })
    };
    store.index.read(read).await.unwrap()
}
