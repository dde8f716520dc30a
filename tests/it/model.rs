//! The program in the simulated network, whose own model says what the index must hold.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atproto::Nsid;
use serde_json::Value;
use store::Conn;
use testkit::TestDatabase;
use testkit::sim::{Expected, Plan, Sim};
use tokio::time::sleep;

use crate::samples::{COLLECTIONS, GET_POST, POST, file};
use crate::scene::Place;
use crate::wait::{PATIENCE, until};

/// A simulated network and a place in it, with posts loaded whose history nobody has asked for.
pub(crate) struct Model {
    pub(crate) sim: Sim,
    pub(crate) place: Place,
}

/// The collection that everybody in the network writes.
pub(crate) fn post_collection() -> Nsid {
    Nsid::parse(POST).unwrap()
}

impl Model {
    /// Starts the network; the server is to be started.
    pub(crate) async fn start(plan: Plan, database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let sim = Sim::start(plan).await;
        let place = Place::in_sim(&sim, Arc::new(database), settings);
        let file = |nsid| file(nsid).to_str().unwrap().to_owned();
        place.json(&["lexicon", "add", &file(POST), &file(GET_POST), "--no-backfill"]);
        let (collection, list) = COLLECTIONS[0];
        place.json(&["lexicon", "add", &file(list), "--target-collection", collection]);
        Self { sim, place }
    }

    /// Waits until a server follows the stream. What is written before reaches it only if that was a moment ago.
    pub(crate) async fn is_followed(&self) {
        until("the stream is followed", PATIENCE, async || (self.sim.subscribers() > 0).then_some(())).await;
    }

    /// Waits until the job is as it must be.
    pub(crate) async fn until(&self, id: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let show = || self.place.json(&["backfill", "show", id]);
        until(what, PATIENCE, async || Some(show()).filter(|job| is(job))).await.0
    }

    /// Starts a job for everything, and waits until it has ended.
    pub(crate) async fn fetch_everything(&self) -> Value {
        let id = self.place.json(&["backfill", "start"])["id"].as_str().unwrap().to_owned();
        self.until(&id, "the job ends", |job| job["status"] == "completed").await
    }

    /// Waits until nothing is missing, nothing extra and nothing stale.
    pub(crate) async fn becomes_equal(&self) {
        let (store, start) = (self.place.store().await, Instant::now());
        loop {
            let difference = self.sim.difference(&[post_collection()], &here(&store).await);
            if difference.is_empty() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the index is not what it must be: {difference}");
            sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Model {
    /// What the index holds, by URI.
    pub(crate) async fn records(&self) -> BTreeMap<String, Value> {
        let store = self.place.store().await;
        here(&store).await.into_iter().map(|(uri, record)| (uri, record.json)).collect()
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
    store.index.read(read).await.unwrap().into_iter().collect()
}
