//! Many small writes share a commit, and one that fails does not take the others with it.

use std::path::Path;
use std::sync::mpsc;

use store::{Error, Store, StoreConfig};

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
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
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
