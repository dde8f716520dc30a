//! A network of thousands of accounts on hosts of every kind: slow, dead, rate-limiting, lying, with accounts that are deleted,
//! that move while they are read, that are huge. The program is killed and paused over and over, and in the end has exactly
//! what the network's own model says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use atproto::Did;
use serde_json::Value;
use store::{Conn, v};
use testkit::sim::{Behaviour, Expected, Load, Plan, Sim};
use testkit::{Belvedere, BelvedereOptions, TestDatabase};
use tokio::time::sleep;

use crate::scene::schemas;
use crate::wait::{PATIENCE, until};

const ACCOUNTS: usize = 2000;
const HOSTS: usize = 200;
const KILLS: u64 = 10;
const PAUSES: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_can_be_had_is_here_on_sqlite() {
    everything_that_can_be_had_is_here(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_can_be_had_is_here_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        everything_that_can_be_had_is_here(database).await;
    }
}

async fn everything_that_can_be_had_is_here(database: TestDatabase) {
    let scene = Scene::new(database).await;
    let load = scene.sim.start_load(Load {
        seed: 3,
        rate: 20,
        operations: 1_000_000,
        collections: Plan::mixed_collections().to_vec(),
    });
    let mut server = Belvedere::start(&scene.options).await;
    let id = scene.json(&["backfill", "start", "--verified"])["id"].as_str().unwrap().to_owned();
    // Each of them meets a job that has got further than it was, and has not ended.
    let mut done = 0;
    for round in 0..KILLS + PAUSES {
        done = scene.until(&id, "it gets on", |job| job["processed_repos"].as_u64() > Some(done)).await
            ["processed_repos"]
            .as_u64()
            .unwrap();
        if round % 3 == 2 {
            scene.json(&["backfill", "pause", &id]);
            scene.until(&id, "it pauses", |job| job["status"] == "paused").await;
            scene.json(&["backfill", "resume", &id]);
        } else {
            server.kill();
            assert_eq!(scene.json(&["backfill", "show", &id])["status"], "running");
            server = Belvedere::start(&scene.options).await;
        }
    }
    let job = scene.until(&id, "the job ends", |job| job["status"] == "completed").await;
    load.stop().await;
    scene.figures_are_those_of_the_repositories(&id, &job).await;
    scene.becomes_equal().await;
    server.terminate().await;
}

struct Scene {
    sim: Sim,
    options: BelvedereOptions,
    database: TestDatabase,
    _data_dir: tempfile::TempDir,
}

impl Scene {
    async fn new(database: TestDatabase) -> Self {
        let sim = Sim::start(Plan::mixed(1, ACCOUNTS, HOSTS)).await;
        let data_dir = tempfile::tempdir().unwrap();
        let dir = database.dir().unwrap_or(data_dir.path());
        let mut options = BelvedereOptions::new(dir)
            .in_sim(&sim)
            .with("MASTER_SECRET", "the master secret of the end-to-end tests")
            // Retries that take days take seconds; more at once than by default, since every host is this machine.
            .with("BELVEDERE_TIME_SCALE", "200")
            .with("BACKFILL_CONCURRENT_PDS", "40")
            .with("BACKFILL_TIMEOUT_SECONDS", "3");
        if database.dir().is_none() {
            options = options.with("DATABASE_URL", &database.url());
        }
        let scene = Self { sim, options, database, _data_dir: data_dir };
        let folder = tempfile::tempdir().unwrap();
        for nsid in Plan::mixed_collections() {
            let path = folder.path().join(format!("{nsid}.json"));
            std::fs::write(&path, lexicon(nsid.as_str())).unwrap();
            scene.json(&["lexicon", "add", path.to_str().unwrap(), "--no-backfill"]);
        }
        scene
    }

    /// What a command that must succeed prints.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.options.command(&[arguments, &["--json"]].concat()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    async fn until(&self, id: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        until(what, PATIENCE * 8, async || Some(self.json(&["backfill", "show", id])).filter(|job| is(job)))
            .await
            .0
    }

    async fn store(&self) -> store::Store {
        self.database.open(&schemas()).await
    }

    /// Counted by the rows, which are written with the records.
    async fn figures_are_those_of_the_repositories(&self, id: &str, job: &Value) {
        const SQL: &str = "
            SELECT count(*), CAST(sum(CASE WHEN state IN (2, 3) THEN 1 ELSE 0 END) AS BIGINT),
                   CAST(sum(CASE WHEN state > 3 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(records) AS BIGINT)
            FROM backfill_repos WHERE job_id = $1";
        let key = id.to_owned();
        let store = self.store().await;
        let counted = store.index.read(move |conn: &mut Conn<'_>| {
            conn.query_one::<_, store::Error>(SQL, &[v(&key)], |row| {
                Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?])
            })
        });
        let figures = ["total_repos", "processed_repos", "failed_repos", "total_records"];
        let told = figures.map(|figure| job[figure].as_i64().unwrap());
        assert_eq!(told, counted.await.unwrap(), "{job}");
        assert_eq!(told[0], told[1] + told[2], "{job}");
        // What failed is said, and listed one by one.
        assert!(told[2] > 0 && job["error"].is_string(), "{job}");
        let listed = self.json(&["backfill", "errors", id, "--limit", "1000"]);
        let failed: BTreeSet<Did> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| Did::parse(unit["did"].as_str().unwrap()).unwrap())
            .collect();
        assert_eq!(failed.len(), usize::try_from(told[2]).unwrap());
        let (silent, untrusted) = (self.sim.unreachable(), self.sim.untrusted());
        assert!(
            failed.is_superset(&silent),
            "done, although nobody answers: {:?}",
            silent.difference(&failed)
        );
        // A host that fails now and then may do so at every try of a repository.
        let is_flaky = |did: &Did| matches!(self.sim.behaviour(self.sim.host_of(did)), Behaviour::Flaky(_));
        let others: Vec<_> =
            failed.iter().filter(|did| !silent.contains(*did) && !untrusted.contains(*did)).collect();
        assert!(others.iter().all(|did| is_flaky(did)), "their hosts tell the truth: {others:?} in {listed}");
        let flaky = self.sim.accounts().iter().filter(|did| is_flaky(did)).count();
        assert!(others.len() <= flaky / 10, "{} of {flaky} at flaky hosts", others.len());
    }

    /// Nothing missing, nothing extra, nothing stale, once the stream has brought the last changes.
    async fn becomes_equal(&self) {
        let collections = Plan::mixed_collections();
        let store = self.store().await;
        let mut last = String::new();
        for _ in 0..100 {
            let difference = self.sim.difference(&collections, &here(&store).await);
            if difference.is_empty() {
                return;
            }
            last = difference.to_string();
            sleep(Duration::from_millis(300)).await;
        }
        panic!("the index is not what it must be: {last}");
    }
}

async fn here(store: &store::Store) -> BTreeMap<String, Expected> {
    let read = |conn: &mut Conn<'_>| {
        conn.query("SELECT uri, cid, record FROM records", &[], |row| {
            let cid = row.opt_text(1)?.unwrap_or_default().to_owned();
            let json = serde_json::from_str(row.text(2)?).unwrap();
            Ok::<_, store::Error>((row.string(0)?, Expected { cid, json }))
        })
    };
    let rows: Vec<_> = store.index.read(read).await.unwrap();
    rows.into_iter().collect()
}

/// Takes any record.
fn lexicon(nsid: &str) -> String {
    let record = serde_json::json!({ "type": "record", "key": "any", "record": { "type": "object", "properties": {} } });
    serde_json::json!({ "lexicon": 1, "id": nsid, "defs": { "main": record } }).to_string()
}
