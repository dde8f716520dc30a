//! Single rules, each by name.

use atproto::RecordKey;
use store::{Error, v};
use testkit::on_each_engine;

use super::{BASE, collection, commit, delete, did, put, records, rkey, status};
use crate::event::Event;
use crate::{Action, ListQuery, RecordEvent, RepoStatus, SCHEMAS};

#[tokio::test(flavor = "multi_thread")]
async fn an_update_keeps_the_time_of_creation() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![put(1, 1, 1, 1)]).await;
        commit(&store, vec![put(1, 1, 1, 2)]).await;
        let record = records(&store).get(&did(1), &collection(1), &rkey(1)).await.unwrap().unwrap();
        assert_eq!((record.created_at, record.indexed_at), (BASE + 1, BASE + 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_event_again_changes_and_logs_nothing() {
    on_each_engine(&SCHEMAS, |store| async move {
        let first = commit(&store, vec![put(1, 1, 1, 1), delete(1, 1, 2, 2)]).await;
        let again = commit(&store, vec![put(1, 1, 1, 1), delete(1, 1, 2, 2)]).await;
        assert_eq!((first.changes, again.changes, again.stale), (1, 0, 2));
        assert_eq!(first.last_seq, again.last_seq);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_outlives_an_older_copy() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![delete(1, 1, 1, 5)]).await;
        commit(&store, vec![put(1, 1, 1, 4)]).await;
        assert_eq!(records(&store).get(&did(1), &collection(1), &rkey(1)).await.unwrap(), None);
        commit(&store, vec![put(1, 1, 1, 6)]).await;
        let record = records(&store).get(&did(1), &collection(1), &rkey(1)).await.unwrap().unwrap();
        assert_eq!(record.created_at, BASE + 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_event_takes_effect_between_its_neighbours() {
    on_each_engine(&SCHEMAS, |store| async move {
        let deleted = status(1, RepoStatus::Deleted);
        let back = status(1, RepoStatus::Active);
        let events = vec![put(1, 1, 1, 1), deleted, put(1, 1, 2, 2), back, put(1, 1, 3, 3), put(2, 1, 1, 4)];
        let applied = commit(&store, events).await;
        assert_eq!(applied.of_deleted, 1);
        let page = records(&store).list(list(10)).await.unwrap();
        let uris: Vec<_> = page.records.iter().map(|record| (record.did(), record.rkey())).collect();
        assert_eq!(uris, [("did:plc:account2", "key1"), ("did:plc:account1", "key3")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_are_not_indexed_are_not_remembered() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![status(9, RepoStatus::Deleted), status(8, RepoStatus::Active)]).await;
        let repos = store.index.read(|c| c.query_one("SELECT count(*) FROM repos", &[], |row| row.int(0)));
        assert_eq!(repos.await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_every_change_in_order() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![put(1, 2, 1, 1), put(1, 1, 1, 2), put(1, 2, 1, 3)]).await;
        commit(&store, vec![status(1, RepoStatus::Suspended), delete(1, 1, 1, 4)]).await;
        let changes = records(&store).changes(0, 100).await.unwrap();
        let told: Vec<_> = changes
            .iter()
            .map(|change| (change.seq, change.action, change.record.as_ref().map(|record| record.0.as_str())))
            .collect();
        let (one, two) = (Some("com.example.kind1"), Some("com.example.kind2"));
        assert_eq!(
            told,
            [
                (1, Action::Create, two),
                (2, Action::Create, one),
                (3, Action::Update, two),
                (4, Action::Account, None),
                (5, Action::Delete, one),
            ]
        );
        assert_eq!(records(&store).changes(3, 1).await.unwrap(), changes[3..4]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_deletion_holds_for_this_version_only() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, vec![put(1, 1, 1, 1)]).await;
        assert!(records.delete(&did(1), &collection(1), &rkey(1), "operator").await.unwrap());
        assert!(!records.delete(&did(1), &collection(1), &rkey(1), "operator").await.unwrap());
        commit(&store, vec![put(1, 1, 1, 1)]).await;
        assert_eq!(records.get(&did(1), &collection(1), &rkey(1)).await.unwrap(), None);
        let decided = store
            .state
            .read(|c| {
                c.query_one("SELECT uri, decided_by FROM local_decisions", &[], |row| {
                    Ok::<_, Error>((row.string(0)?, row.string(1)?))
                })
            })
            .await
            .unwrap();
        assert_eq!(decided, ("at://did:plc:account1/com.example.kind1/key1".into(), "operator".into()));
        commit(&store, vec![put(1, 1, 1, 2)]).await;
        assert!(records.get(&did(1), &collection(1), &rkey(1)).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_leaves_other_collections_alone() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        let many = (0..200u8).map(|n| put(n % 7, 1, n / 7, n.into())).chain([put(1, 2, 1, 300)]);
        commit(&store, many.collect()).await;
        assert_eq!(records.purge(&collection(1)).await.unwrap(), 200);
        assert_eq!(records.purge(&collection(3)).await.unwrap(), 0);
        let counts = records.counts().await.unwrap();
        assert_eq!(counts.len(), 1);
        assert_eq!(counts[0].records, 1);
        assert_eq!(super::model::orphans(&store).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_forgets_old_tombstones_and_log_entries_only() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, vec![put(1, 1, 1, 1), delete(1, 1, 2, 2), put(1, 1, 3, 100)]).await;
        let retention = std::time::Duration::from_micros(50);
        // At 60 everything before 10 is old.
        assert_eq!(records.prune(BASE + 60, retention).await.unwrap(), 2);
        let left = store
            .index
            .read(|c| {
                c.query_one(
                    "SELECT (SELECT count(*) FROM record_rows), (SELECT count(*) FROM changes)",
                    &[],
                    |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)),
                )
            })
            .await
            .unwrap();
        assert_eq!(left, (2, 1));
        // The last entry stays, however old, so that numbers never repeat.
        assert_eq!(records.prune(BASE + 10_000, retention).await.unwrap(), 0);
        assert_eq!(commit(&store, vec![put(1, 1, 4, 101)]).await.last_seq, 3);
    })
    .await;
}

/// A writer that found a tombstone fills it; were it pruned meanwhile, the record would be nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn pruning_waits_for_a_writer() {
    on_each_engine(&SCHEMAS, |store| async move {
        commit(&store, vec![delete(1, 1, 1, 1)]).await;
        let (holds, held) = tokio::sync::oneshot::channel();
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let once = std::sync::Mutex::new(Some((holds, wait)));
        let index = store.index.clone();
        let writer = tokio::spawn(async move {
            let busy = move |conn: &mut store::Conn<'_>| {
                crate::write::lock(conn)?;
                let (holds, wait) = once.lock().unwrap().take().unwrap();
                holds.send(()).unwrap();
                wait.recv().unwrap();
                Ok::<_, crate::Error>(())
            };
            index.write(busy).await.unwrap();
        });
        held.await.unwrap();
        let pruner = records(&store);
        let day = std::time::Duration::from_hours(24);
        let pruning = tokio::spawn(async move { pruner.prune(i64::MAX, day).await.unwrap() });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(!pruning.is_finished());
        go_on.send(()).unwrap();
        writer.await.unwrap();
        assert_eq!(pruning.await.unwrap(), 1);
    })
    .await;
}

/// Whoever reads by position sees neither a record twice nor a hole, whatever arrives meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_stable_while_records_arrive() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, (0..10).map(|n| put(1, 1, n, n.into())).collect()).await;
        let mut query = list(3);
        let mut seen = Vec::new();
        for round in 0..4 {
            let page = records.list(query.clone()).await.unwrap();
            seen.extend(page.records.iter().map(|record| record.rkey().to_owned()));
            assert_eq!(page.next.is_some(), round < 3);
            query.after = page.next;
            commit(&store, vec![put(2, 1, round, 100 + u32::from(round))]).await;
        }
        let expected: Vec<String> = (0..10).rev().map(|n| format!("key{n}")).collect();
        assert_eq!(seen, expected);
    })
    .await;
}

/// The newest-first list walks its index: no plan sorts.
#[tokio::test(flavor = "multi_thread")]
async fn equal_times_are_told_apart_and_nothing_is_sorted() {
    on_each_engine(&SCHEMAS, |store| async move {
        let records = records(&store);
        commit(&store, (0..9).map(|n| put(n, 1, n, 7)).collect()).await;
        let (mut query, mut seen) = (list(2), std::collections::BTreeSet::new());
        loop {
            let page = records.list(query.clone()).await.unwrap();
            seen.extend(page.records.iter().map(|record| record.uri.clone()));
            query.after = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 9);
        if store.index.engine() == store::Engine::Sqlite {
            for sql in crate::read::LIST_STATEMENTS {
                let sql = format!("EXPLAIN QUERY PLAN {sql}");
                let plan = store
                    .index
                    .read(move |c| {
                        let values = [v("c"), v(0), v(0), v(1), v("did")];
                        c.query(&sql, &values, |row| row.string(3))
                    })
                    .await
                    .unwrap()
                    .join("\n");
                assert!(plan.contains("record_rows_newest") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    })
    .await;
}

fn list(limit: u32) -> ListQuery {
    ListQuery { collection: collection(1), did: None, limit, after: None }
}

/// Whoever has more than a transaction should touch goes, and comes back, in several; the status itself changes with the event.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_with_many_records_hold_up_nobody() {
    const MANY: u32 = 5_001;
    on_each_engine(&SCHEMAS, |store| async move {
        let many = (0..MANY).map(|n| {
            let Event::Record(event) = put(1, 1, 1, n) else { unreachable!("a record") };
            Event::Record(RecordEvent { rkey: RecordKey::parse(&format!("key{n}")).unwrap(), ..event })
        });
        commit(&store, many.chain([put(2, 1, 1, 1), put(1, 2, 1, 1)]).collect()).await;
        let records = records(&store);
        let here = async || {
            let all = "SELECT count(*), (SELECT CAST(sum(records) AS BIGINT) FROM collections) FROM record_rows WHERE visible = 1";
            let count = |conn: &mut store::Conn<'_>| {
                conn.query_one(all, &[], |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))
            };
            let (here, counted) = store.index.read(count).await.unwrap();
            assert_eq!(here, counted);
            here
        };
        let all = i64::from(MANY) + 2;
        for (to, left) in [
            (RepoStatus::Suspended, 2),
            // All but the one of the other collection, which comes back with the event.
            (RepoStatus::Active, all - 1),
            (RepoStatus::Deleted, 2),
        ] {
            let transactions = records.ease(&store.index, None, &did(1), to).await.unwrap();
            assert!(transactions >= MANY / 2_000, "{transactions}");
            // What is little is left to the event.
            assert_eq!(here().await, left, "{to:?}");
            commit(&store, vec![status(1, to)]).await;
            assert_eq!(here().await, if to == RepoStatus::Active { all } else { 1 }, "{to:?}");
            assert_eq!(records.ease(&store.index, None, &did(1), to).await.unwrap(), 0);
        }
    })
    .await;
}
