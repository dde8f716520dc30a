//! Whatever a job waits for, nobody who asks waits with it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use store::{Conn, Engine, Store};
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Plan};
use testkit::{Belvedere, TestDatabase};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::model::{Model, post_collection};
use crate::samples::{POST, list_of};
use crate::wait::{PATIENCE, until};

const ACCOUNTS: usize = 100;
const POSTS: u32 = 30;
const REQUESTS: usize = 200;

/// The fewest that there can be: a job that took it for itself would keep everybody waiting.
const CONNECTION: (&str, &str) = ("DATABASE_MAX_CONNECTIONS", "1");

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_job_on_sqlite() {
    nobody_waits_for_a_job(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_job_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        nobody_waits_for_a_job(database).await;
    }
}

/// A job is stopped in its middle by a lock that it cannot get, for as long as it takes to answer all requests. Nothing here
/// is a matter of speed: what waited for the job would not be answered.
async fn nobody_waits_for_a_job(database: TestDatabase) {
    let accounts = vec![AccountPlan::active(&[post_collection()], POSTS); ACCOUNTS];
    let hosts = vec![HostPlan::new(Behaviour::Latency(Duration::from_millis(100)), accounts)];
    let model = Model::start(Plan { seed: 12, hosts, ..Plan::default() }, database, &[CONNECTION]).await;
    let server = model.place.start().await;
    let store = model.place.store().await;
    let id = model.place.json(&["backfill", "start"])["id"].as_str().unwrap().to_owned();
    model.until(&id, "it is under way", |job| job["total_records"].as_i64() > Some(0)).await;

    let lock = Lock::take(store.clone()).await;
    if store.index.engine() == Engine::Postgres {
        until("the job waits for the lock", PATIENCE, async || waits(&store).await.then_some(())).await;
    }
    let before = records(&store).await;
    assert_eq!(status(&model, &server, &id).await, "running");
    assert!(before < i64::from(POSTS) * 100, "the job was too fast for this test");
    for page in join_all((0..REQUESTS).map(|_| newest(&server))).await {
        assert!(!page["records"].as_array().unwrap().is_empty(), "{page}");
    }
    assert_eq!(status(&model, &server, &id).await, "running");
    assert_eq!(records(&store).await, before, "the job has been waiting all the time");
    lock.release().await;

    model.sim.behave(0, Behaviour::Normal);
    let job = model.until(&id, "the job ends", |job| job["status"] == "completed").await;
    assert_eq!((&job["failed_repos"], &job["error"]), (&Value::from(0), &Value::Null), "{job}");
    model.becomes_equal().await;
    server.terminate().await;
}

/// By the server: a command would have to open the databases while they are locked.
async fn status(model: &Model, server: &Belvedere, id: &str) -> Value {
    model.place.admin(server).get(&format!("/admin/backfill/{id}")).await.expect(200)["status"].take()
}

async fn newest(server: &Belvedere) -> Value {
    server.client.get(&format!("/xrpc/{}", list_of(POST))).await.expect(200)
}

async fn records(store: &Store) -> i64 {
    let count = |conn: &mut Conn<'_>| {
        conn.query_one::<_, store::Error>("SELECT count(*) FROM records", &[], |row| row.int(0))
    };
    store.index.read(count).await.unwrap()
}

/// Whether somebody cannot get a lock. PostgreSQL only.
async fn waits(store: &Store) -> bool {
    const SQL: &str = "
        SELECT count(*) FROM pg_locks
        WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let count = |conn: &mut Conn<'_>| conn.query_one::<_, store::Error>(SQL, &[], |row| Ok(row.int(0)? > 0));
    store.index.read(count).await.unwrap()
}

/// Keeps everybody from writing records.
struct Lock {
    release: mpsc::Sender<()>,
    held: JoinHandle<Result<(), store::Error>>,
}

impl Lock {
    /// Returns when it is held.
    async fn take(store: Store) -> Self {
        let (release, released) = mpsc::channel();
        let taken = Arc::new(Notify::new());
        let held = tokio::spawn({
            let taken = Arc::clone(&taken);
            async move {
                let engine = store.index.engine();
                let hold = move |conn: &mut Conn<'_>| {
                    // With SQLite the transaction alone is enough.
                    if engine == Engine::Postgres {
                        conn.execute("LOCK TABLE records IN SHARE ROW EXCLUSIVE MODE", &[])?;
                    }
                    taken.notify_one();
                    // Fails when the test has failed.
                    _ = released.recv();
                    Ok(())
                };
                store.index.write(hold).await
            }
        });
        taken.notified().await;
        Self { release, held }
    }

    async fn release(self) {
        self.release.send(()).unwrap();
        self.held.await.unwrap().unwrap();
    }
}
