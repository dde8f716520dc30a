//! What a host says of a part of a repository, against what is here.

use std::ops::Bound;
use std::sync::Arc;

use atproto::{RecordKey, Tid};
use remote::{Found, Part};
use serde_json::json;
use store::Store;
use testkit::on_each_engine;

use super::{BASE, collection, commit, delete, did, put, records, rev, rkey, status};
use crate::{Along, Error, Reconciled, RecordAction, RepoStatus, SCHEMAS, now_micros};

/// The content of record `key` in version `n`.
pub(super) fn found(key: u8, n: u32) -> Found {
    named(rkey(key), n)
}

fn named(rkey: RecordKey, n: u32) -> Found {
    let record = json!({"n": n, "subject": format!("at://target/{n}"), "root": {"uri": "at://common"}});
    let bytes = record.to_string();
    let cid =
        atproto::data::record::inspect(bytes.as_bytes(), &atproto::data::Limits::default()).unwrap().cid;
    let RecordAction::Put { json, refs, .. } = RecordAction::put(bytes.as_bytes(), None).unwrap() else {
        panic!("a record")
    };
    Found { rkey, json, cid: cid.unwrap(), refs }
}

/// All of a collection of an account, read at revision `n`, asked for after everything so far.
pub(super) fn all(account: u8, kind: u8, n: u32, records: Vec<Found>) -> Part {
    Part {
        did: did(account),
        collection: collection(kind),
        rev: rev(n),
        asked_at: now_micros(),
        keys: (Bound::Unbounded, Bound::Unbounded),
        records,
        proven: true,
    }
}

fn alone() -> Along {
    Arc::new(|_, _| Ok(()))
}

pub(super) async fn reconcile(store: &Store, part: Part) -> Reconciled {
    records(store).reconcile(vec![part], false, alone()).await.unwrap()[0]
}

/// By key, the `n` of every visible record of the first account's first collection.
async fn here(store: &Store) -> Vec<(String, i64)> {
    here_of(store, 1).await
}

/// The same of any account.
pub(super) async fn here_of(store: &Store, account: u8) -> Vec<(String, i64)> {
    const SQL: &str = "
        SELECT uri, record FROM records WHERE did = $1 AND collection = 'com.example.kind1' ORDER BY uri";
    let did = did(account);
    let read = move |conn: &mut store::Conn<'_>| {
        conn.query(SQL, &[store::v(did.as_str())], |row| {
            let record: serde_json::Value = serde_json::from_str(row.text(1)?).unwrap();
            let key = row.text(0)?.rsplit('/').next().unwrap().to_owned();
            Ok::<_, store::Error>((key, record["n"].as_i64().unwrap()))
        })
    };
    store.index.read(read).await.unwrap()
}

fn keys(list: &[(u8, i64)]) -> Vec<(String, i64)> {
    list.iter().map(|(key, n)| (format!("key{key}"), *n)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_comes_to_agree_with_a_part() {
    on_each_engine(&SCHEMAS, |store| async move {
        let same = found(1, 1);
        reconcile(&store, all(1, 1, 5, vec![same.clone(), found(2, 2), found(3, 3)])).await;
        let last = records(&store).last_change().await.unwrap();
        let part = all(1, 1, 9, vec![same, found(2, 20), found(4, 4)]);
        let done = reconcile(&store, part.clone()).await;
        let counts = Reconciled { present: 3, created: 1, updated: 1, unchanged: 1, removed: 1, stale: 0 };
        assert_eq!(done, counts);
        assert_eq!(here(&store).await, keys(&[(1, 1), (2, 20), (4, 4)]));
        assert_eq!(records(&store).last_change().await.unwrap(), last + 3, "what is the same is not told");
        let again = reconcile(&store, part).await;
        assert_eq!(again, Reconciled { present: 3, unchanged: 3, ..Reconciled::default() });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_keys_of_the_part_are_spoken_of() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, (1..=5).map(|key| put(1, 1, key, u32::from(key))).collect()).await;
        let keys_between = |from, to| (from, to);
        let within = Part {
            keys: keys_between(Bound::Excluded(rkey(1)), Bound::Included(rkey(3))),
            ..all(1, 1, 9, Vec::new())
        };
        assert_eq!(reconcile(&store, within).await.removed, 2);
        assert_eq!(here(&store).await, keys(&[(1, 1), (4, 4), (5, 5)]));
        let within = Part {
            keys: keys_between(Bound::Included(rkey(4)), Bound::Excluded(rkey(5))),
            ..all(1, 1, 9, Vec::new())
        };
        assert_eq!(reconcile(&store, within).await.removed, 1);
        assert_eq!(here(&store).await, keys(&[(1, 1), (5, 5)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_brought_meanwhile_stays() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![put(1, 1, 1, 12), put(1, 1, 2, 11), delete(1, 1, 3, 13), put(1, 1, 4, 3)]).await;
        let done = reconcile(&store, all(1, 1, 10, vec![found(1, 1), found(3, 3)])).await;
        assert_eq!((done.stale, done.removed, done.created), (3, 1, 0));
        assert_eq!(here(&store).await, keys(&[(1, 12), (2, 11)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_came_back_is_here_again() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![put(1, 1, 1, 1), delete(1, 1, 1, 2)]).await;
        assert_eq!(reconcile(&store, all(1, 1, 5, vec![found(1, 1)])).await.created, 1);
        assert_eq!(here(&store).await, keys(&[(1, 1)]));
        // What the stream says late about the time before changes nothing any more.
        commit(&store, vec![delete(1, 1, 1, 4)]).await;
        assert_eq!(here(&store).await, keys(&[(1, 1)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_deletion_is_obeyed_for_its_version() {
    on_each_engine(&SCHEMAS, |store| async move {
        reconcile(&store, all(1, 1, 1, vec![found(1, 1), found(2, 2)])).await;
        assert!(records(&store).delete(&did(1), &collection(1), &rkey(1), "operator").await.unwrap());
        let again = all(1, 1, 5, vec![found(1, 1), found(2, 2)]);
        assert_eq!(reconcile(&store, again.clone()).await.created, 0);
        assert_eq!(here(&store).await, keys(&[(2, 2)]));
        // The tombstone goes; the decision stays, and is all that is left when the index is made anew.
        for table in ["record_rows", "backlinks"] {
            store.index.write(move |conn| conn.execute(&format!("DELETE FROM {table}"), &[])).await.unwrap();
        }
        reconcile(&store, again.clone()).await;
        assert_eq!(here(&store).await, keys(&[(2, 2)]));
        records(&store).reconcile(vec![again], true, alone()).await.unwrap();
        assert_eq!(here(&store).await, keys(&[(2, 2)]), "not even by force");
        reconcile(&store, all(1, 1, 9, vec![found(1, 10), found(2, 2)])).await;
        assert_eq!(here(&store).await, keys(&[(1, 10), (2, 2)]), "an edited version counts as new");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_while_a_part_was_on_its_way_stays_away() {
    on_each_engine(&SCHEMAS, |store| async move {
        // Of both nothing was here when they left, so that the stream's event found nobody.
        let (deleted, back) = (all(1, 1, 5, vec![found(1, 1)]), all(2, 1, 5, vec![found(1, 1)]));
        let left =
            |account, status, seen_at| crate::event::Event::Account { did: did(account), status, seen_at };
        let later = now_micros() + 1;
        commit(&store, vec![left(1, RepoStatus::Deleted, later), left(2, RepoStatus::Deleted, later)]).await;
        commit(&store, vec![left(2, RepoStatus::Active, later + 1)]).await;
        assert_eq!(reconcile(&store, deleted).await.stale, 1);
        assert_eq!(reconcile(&store, back).await.created, 1);
        assert_eq!(here(&store).await, []);
        // Whoever is served later is there again.
        let returned = Part { asked_at: later + 2, ..all(1, 1, 9, vec![found(1, 9)]) };
        reconcile(&store, returned).await;
        assert_eq!(here(&store).await, keys(&[(1, 9)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_says_who_is_away_but_not_who_is_taken_down_elsewhere() {
    on_each_engine(&SCHEMAS, |store| async move {
        reconcile(&store, all(1, 1, 5, vec![found(1, 1)])).await;
        let (records, asked) = (records(&store), now_micros() + 10);
        assert!(records.observe_status(&did(1), RepoStatus::Deactivated, asked).await.unwrap());
        assert_eq!(here(&store).await, []);
        assert!(!records.observe_status(&did(1), RepoStatus::Active, asked - 1).await.unwrap(), "old news");
        let part = Part { asked_at: asked + 1, ..all(1, 1, 6, vec![found(1, 1)]) };
        reconcile(&store, part).await;
        assert_eq!(here(&store).await, keys(&[(1, 1)]));
        commit(&store, vec![status(1, RepoStatus::Takendown)]).await;
        let part = Part { asked_at: asked + 2, ..all(1, 1, 7, vec![found(1, 7)]) };
        reconcile(&store, part).await;
        assert_eq!(here(&store).await, [], "stored, and not shown");
        commit(&store, vec![status(1, RepoStatus::Active)]).await;
        assert_eq!(here(&store).await, keys(&[(1, 7)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_counts_as_made_when_its_key_says() {
    on_each_engine(&SCHEMAS, |store| async move {
        let (past, future) = (Tid::new(BASE, 7).unwrap(), Tid::new(now_micros() + 3_600_000_000, 7).unwrap());
        let key = |tid: Tid| RecordKey::parse(tid.to_string().as_str()).unwrap();
        let before = now_micros();
        reconcile(&store, all(1, 1, 5, vec![named(key(past), 1), named(key(future), 2), found(3, 3)])).await;
        let made = async |rkey| {
            let record = records(&store).get(&did(1), &collection(1), &rkey).await.unwrap().unwrap();
            (record.created_at, record.indexed_at)
        };
        let (created, indexed) = made(key(past)).await;
        assert_eq!(created, BASE);
        assert!(indexed >= before);
        for rkey in [key(future), rkey(3)] {
            let (created, _) = made(rkey).await;
            assert!((before..=now_micros()).contains(&created), "no key can say that it is from the future");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_along_is_written_together_or_not_at_all() {
    on_each_engine(&SCHEMAS, |store| async move {
        let refuse: Along = Arc::new(|_, done| {
            assert_eq!(done[0].created, 1);
            Err(Error::Position)
        });
        let part = all(1, 1, 5, vec![found(1, 1)]);
        let refused = records(&store).reconcile(vec![part], false, refuse).await;
        assert!(matches!(refused, Err(Error::Position)));
        assert_eq!(here(&store).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_force_everything_is_written_anew_except_what_is_newer() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![put(1, 1, 1, 5), put(1, 1, 2, 9)]).await;
        let part = all(1, 1, 5, vec![found(1, 1), found(2, 2)]);
        records(&store).reconcile(vec![part.clone()], true, alone()).await.unwrap();
        assert_eq!(here(&store).await, keys(&[(1, 1), (2, 9)]));
        let last = records(&store).last_change().await.unwrap();
        records(&store).reconcile(vec![part], true, alone()).await.unwrap();
        assert_eq!(records(&store).last_change().await.unwrap(), last + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_says_nothing_is_there_empties_a_large_collection_in_steps() {
    on_each_engine(&SCHEMAS, |store| async move {
        let many: Vec<Found> =
            (0..5_100).map(|n| named(RecordKey::parse(&format!("n{n:05}")).unwrap(), n)).collect();
        for chunk in many.chunks(500) {
            let ends = (
                Bound::Included(chunk[0].rkey.clone()),
                Bound::Included(chunk[499.min(chunk.len() - 1)].rkey.clone()),
            );
            reconcile(&store, Part { keys: ends, ..all(1, 1, 5, chunk.to_vec()) }).await;
        }
        assert_eq!(here(&store).await.len(), 5_100);
        reconcile(&store, all(1, 1, 9, vec![many[7].clone()])).await;
        assert_eq!(here(&store).await, [("n00007".to_owned(), 7)]);
        reconcile(&store, all(1, 1, 10, Vec::new())).await;
        assert_eq!(here(&store).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_revision_is_unknown_outlives_what_was_asked_before() {
    on_each_engine(&SCHEMAS, |store| async move {
        let asked_before = all(1, 1, 9, Vec::new());
        let row = match put(1, 1, 1, 1) {
            crate::event::Event::Record(event) => crate::event::Event::Record(crate::RecordEvent {
                rev: Tid::from_i64(0).unwrap(),
                seen_at: now_micros() + 1,
                ..event
            }),
            _ => panic!("a record"),
        };
        commit(&store, vec![row]).await;
        assert_eq!(reconcile(&store, asked_before).await.stale, 1);
        assert_eq!(here(&store).await, keys(&[(1, 1)]));
        let asked_later = Part { asked_at: now_micros() + 1_000, ..all(1, 1, 9, Vec::new()) };
        assert_eq!(reconcile(&store, asked_later).await.removed, 1);
    })
    .await;
}
