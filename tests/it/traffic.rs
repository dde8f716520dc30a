//! People at work: records come, change and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::Network;
use testkit::network::{Load, LoadCounts};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::chance::Chance;
use crate::samples::{COLLECTIONS, POST, post};
use crate::scene::Scene;

/// Operations a second on each collection, and in one commit: what leaves a small machine time for the server.
const RATE: u32 = 30;
const BATCH: u32 = 3;

/// Between two edits of records that were there before.
const EDIT_MS: usize = 150;

/// What goes on until it is stopped.
pub(crate) struct Traffic {
    network: Arc<Network>,
    loads: Vec<String>,
    edits: JoinHandle<()>,
    stop: Arc<AtomicBool>,
}

impl Traffic {
    /// New records, which are changed and deleted again, in every collection; and edits of those there are.
    pub(crate) async fn start(scene: &Scene) -> Self {
        let network = Arc::clone(&scene.network);
        let edits = Edits::new(scene).await;
        let mut loads = Vec::new();
        for (collection, _) in COLLECTIONS {
            let mix = LoadCounts { create: 50, update: 25, delete: 25 };
            let load =
                Load { rate: RATE, batch: BATCH, mix, collection: collection.into(), ..Load::default() };
            loads.push(network.start_load(&load).await.id);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let edits = tokio::spawn(edits.run(Arc::clone(&stop)));
        Self { network, loads, edits, stop }
    }

    /// Ends it; there was some of everything, and the PDS refused nothing.
    pub(crate) async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.edits.await.unwrap();
        for load in self.loads {
            let status = self.network.stop_load(&load).await;
            let LoadCounts { create, update, delete } = status.counts;
            assert!(status.errors == 0 && create > 0 && update > 0 && delete > 0, "{status:?}");
        }
    }
}

/// Changes of one post of each account, which is deleted and written again under the same key, over and over.
struct Edits {
    network: Arc<Network>,
    chance: Chance,
    posts: Vec<Post>,
}

struct Post {
    did: String,
    rkey: String,
    exists: bool,
}

impl Edits {
    async fn new(scene: &Scene) -> Self {
        let mut posts = Vec::new();
        for account in scene.active_accounts().await {
            let there = scene.network.list_records(&account, POST).await;
            let Some(record) = there.first() else { continue };
            let rkey = record.uri.rsplit('/').next().unwrap().to_owned();
            posts.push(Post { did: account.did, rkey, exists: true });
        }
        Self { network: Arc::clone(&scene.network), chance: scene.chance.fork(), posts }
    }

    async fn run(mut self, stop: Arc<AtomicBool>) {
        for number in 0.. {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let edit = self.chance.below(self.posts.len());
            let delete = self.chance.below(2) == 0;
            self.posts[edit].write(&self.network, delete, number).await;
            sleep(Duration::from_millis(self.chance.below(EDIT_MS) as u64)).await;
        }
    }
}

impl Post {
    async fn write(&mut self, network: &Network, delete: bool, number: u32) {
        let mut write = json!({ "collection": POST, "rkey": self.rkey });
        let action = match (self.exists, delete) {
            (false, _) => "create",
            (true, false) => "update",
            (true, true) => "delete",
        };
        write["$type"] = Value::from(format!("com.atproto.repo.applyWrites#{action}"));
        if action != "delete" {
            write["value"] = post(&format!("edit {number}"));
        }
        network.apply_writes(&self.did, &[write]).await;
        self.exists = action != "delete";
    }
}
