//! What was written before anybody asked for it arrives, while people go on writing.

use serde_json::Value;
use testkit::network::Load;
use testkit::{Belvedere, TestDatabase};

use crate::samples::{COLLECTIONS, LIKE, POST};
use crate::scene::{Place, Scene};
use crate::wait::{PATIENCE, until};

const ACCOUNTS: usize = 200;

/// Accounts that are made with one request.
const STEP: usize = 20;

/// Of each account: posts and likes together.
const RECORDS: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn arrives_while_people_write_on_sqlite() {
    arrives_while_people_write(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrives_while_people_write_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        arrives_while_people_write(database).await;
    }
}

async fn arrives_while_people_write(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let mut seeded = 0;
    // Step by step: a real server takes a while for an account.
    for _ in 0..ACCOUNTS / STEP {
        seeded += scene.network.seed(STEP, RECORDS / 2, &[POST, LIKE]).await.records;
    }
    assert_eq!(seeded, ACCOUNTS * RECORDS);
    // So much that the host has time for being read.
    let load = Load { rate: 10, collection: POST.into(), ..Load::default() };
    let load = scene.network.start_load(&load).await;
    // Loading a record lexicon is all that it takes.
    scene.place.add_samples();
    let server = scene.place.start().await;
    let jobs = ended(&scene.place).await;
    assert!(!jobs.is_empty() && COLLECTIONS.len() > 1);
    for job in &jobs {
        assert_eq!((job["status"].as_str(), &job["error"]), (Some("completed"), &Value::Null), "{job}");
        assert_eq!(job["processed_repos"], job["total_repos"], "{job}");
    }
    let written = scene.network.stop_load(&load.id).await;
    assert!(written.errors == 0 && written.counts.create > 0, "{written:?}");
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    // It says so itself, from the outside.
    let verified = scene.place.json(&["state", "verify", "--all"]);
    assert_eq!(verified["repos"], ACCOUNTS, "{verified}");
    the_index_is_made_anew(&scene, server).await;
}

/// The database of the index is deleted; whatever else there is stays, and the index comes back.
async fn the_index_is_made_anew(scene: &Scene, server: Belvedere) {
    let before = durable(&scene.place).await;
    server.terminate().await;
    lose_the_index(&scene.place).await;
    let server = scene.place.start().await;
    // The key that was made before opens the door, and the lexicons are there.
    let _ = scene.place.admin(&server).get("/admin/stats").await.expect(200);
    let rebuilt = scene.place.json(&["state", "rebuild"]);
    assert_eq!(rebuilt["status"], "completed", "{rebuilt}");
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    assert_eq!(durable(&scene.place).await, before);
    server.terminate().await;
}

/// Waits until every job has ended.
async fn ended(place: &Place) -> Vec<Value> {
    let has_ended = |job: &Value| {
        ["completed", "failed", "cancelled", "paused"].contains(&job["status"].as_str().unwrap_or_default())
    };
    until("every job has ended", PATIENCE * 4, async || {
        let list = place.json(&["backfill", "list"]);
        let jobs = list.as_array().unwrap();
        (!jobs.is_empty() && jobs.iter().all(has_ended)).then(|| jobs.clone())
    })
    .await
    .0
}

/// How many rows each durable table has that nothing adds to by itself.
async fn durable(place: &Place) -> Vec<(String, i64)> {
    let store = place.store().await;
    let sizes = store.state.table_sizes().await.unwrap();
    let grows = ["event_logs", "backfill_jobs"];
    sizes
        .into_iter()
        .map(|size| (size.table, size.rows))
        .filter(|(table, _)| !grows.contains(&table.as_str()))
        .collect()
}

/// Deletes the database of the index: the file, or the schema.
pub(crate) async fn lose_the_index(place: &Place) {
    if let Some(dir) = place.database.dir() {
        for name in ["index.db", "index.db-wal", "index.db-shm"] {
            let path = dir.join(name);
            if path.exists() {
                std::fs::remove_file(path).unwrap();
            }
        }
    } else {
        let store = place.store().await;
        let drop = |conn: &mut store::Conn<'_>| conn.execute("DROP SCHEMA index CASCADE", &[]);
        store.index.write(drop).await.unwrap();
    }
}
