//! Many small writes share a commit, and one that fails does not take the others with it.

use std::path::Path;
use std::sync::mpsc;

use store::{Error, Store, StoreConfig, v};

use crate::{THINGS, insert, names};

async fn open(dir: &Path) -> Store {
    Store::open(&StoreConfig::sqlite(dir), &[&THINGS]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_failing_write_of_a_group_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    // Holds the writer until the others are queued behind it.
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let db = store.state.clone();
    let first = tokio::spawn(async move {
        db.write(move |_| {
            let _ = held.lock().unwrap().recv();
            Ok::<(), Error>(())
        })
        .await
    });
    let others: Vec<_> = [(1, "a"), (2, "a"), (3, "c")]
        .into_iter()
        .map(|(id, name)| {
            let db = store.state.clone();
            tokio::spawn(async move { insert(&db, id, name).await })
        })
        .collect();
    // What it did before it failed is undone, too.
    let db = store.state.clone();
    let half = tokio::spawn(async move {
        db.write(|c| {
            c.execute("INSERT INTO things (id, name) VALUES ($1, $2)", &[v(4), v("half")])?;
            c.execute("INSERT INTO things (id, name) VALUES ($1, $2)", &[v(4), v("whole")])
        })
        .await
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    assert!(half.await.unwrap().is_err());
    let mut failed = 0;
    for other in others {
        failed += usize::from(other.await.unwrap().is_err());
    }
    assert_eq!(failed, 1);
    let names = names(&store.state).await;
    assert_eq!(names.len(), 2);
    assert_eq!(names[1], "c");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_can_write_beside_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let (server, tool) = (open(dir.path()).await, open(dir.path()).await);
    insert(&server.state, 1, "server").await.unwrap();
    insert(&tool.state, 2, "tool").await.unwrap();
    assert_eq!(names(&server.state).await, ["server", "tool"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_empties_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    insert(&store.state, 1, "a").await.unwrap();
    store.checkpoint().await.unwrap();
    assert_eq!(std::fs::metadata(dir.path().join("state.db-wal")).unwrap().len(), 0);
    assert_eq!(names(&store.state).await, ["a"]);
}

#[tokio::test]
async fn a_brief_write_is_done_by_its_caller_when_nobody_else_writes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let here = std::thread::current().id();
    let mut is_here = false;
    // The first commits of a file may be slow, and what is slow is done by the writing thread.
    for _ in 0..1000 {
        let is_same = move |_: &mut store::Conn<'_>| Ok::<_, Error>(std::thread::current().id() == here);
        is_here |= store.state.write_brief(is_same).await.unwrap();
        if is_here {
            break;
        }
    }
    assert!(is_here);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brief_write_waits_for_its_turn_and_fails_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let db = store.state.clone();
    let (holds, is_held) = tokio::sync::oneshot::channel();
    let holds = std::sync::Mutex::new(Some(holds));
    let first = tokio::spawn(async move {
        db.write(move |_| {
            if let Some(holds) = holds.lock().unwrap().take() {
                holds.send(()).unwrap();
            }
            let _ = held.lock().unwrap().recv();
            Ok::<(), Error>(())
        })
        .await
    });
    is_held.await.unwrap();
    let briefly = |id: i64, name: &'static str| {
        let db = store.state.clone();
        tokio::spawn(async move {
            let insert = "INSERT INTO things (id, name) VALUES ($1, $2)";
            db.write_brief(move |conn| conn.execute(insert, &[v(id), v(name)])).await
        })
    };
    let (one, same) = (briefly(1, "a"), briefly(2, "a"));
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    let outcomes = [one.await.unwrap().is_ok(), same.await.unwrap().is_ok()];
    assert_eq!(outcomes.iter().filter(|is_ok| **is_ok).count(), 1);
    assert_eq!(names(&store.state).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_does_not_grow_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let text = "x".repeat(1 << 20);
    for id in 0..64 {
        let text = format!("{id}{text}");
        let insert = "INSERT INTO things (id, name) VALUES ($1, $2)";
        store.state.write(move |conn| conn.execute(insert, &[v(id), v(&text)])).await.unwrap();
    }
    let log = std::fs::metadata(dir.path().join("state.db-wal")).unwrap().len();
    assert!(log < 32 << 20, "{log}");
}

#[tokio::test]
async fn a_brief_write_does_not_hold_its_thread_while_another_process_writes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for id in 0..20 {
        briefly(&store, id).await;
    }
    let tool = rusqlite::Connection::open(dir.path().join("state.db")).unwrap();
    tool.execute_batch("BEGIN IMMEDIATE").unwrap();
    let write = tokio::spawn({
        let store = store.clone();
        async move { briefly(&store, 100).await }
    });
    // On this one thread: it would not come back before the lock is given up, which is below.
    tokio::task::yield_now().await;
    tool.execute_batch("COMMIT").unwrap();
    write.await.unwrap();
    assert_eq!(names(&store.state).await.last().unwrap(), "100");
}

async fn briefly(store: &Store, id: i64) {
    let insert = "INSERT INTO things (id, name) VALUES ($1, $2)";
    let name = id.to_string();
    store.state.write_brief(move |conn| conn.execute(insert, &[v(id), v(&name)])).await.unwrap();
}
