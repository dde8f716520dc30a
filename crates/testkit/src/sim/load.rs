//! Steady traffic of record operations.

use std::sync::Arc;
use std::time::Duration;

use atproto::{Nsid, RecordKey};
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::account::Account;
use super::chance::{chance, one_of};
use super::content::{FIRST_COMMIT, record, tid};
use super::servers::Servers;
use super::{Sim, Write};

/// Traffic to be made by all active accounts whose hosts answer and do not lie. The same load on the same network makes the
/// same writes, whatever the time they take, unless hosts or accounts change meanwhile.
#[derive(Clone, Debug)]
pub struct Load {
    /// Decides who writes what.
    pub seed: u64,
    /// Operations a second.
    pub rate: u32,
    /// Operations in all.
    pub operations: u64,
    /// The collections written to.
    pub collections: Vec<Nsid>,
}

/// Operations by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadCounts {
    /// New records.
    pub created: u64,
    /// Records written again.
    pub updated: u64,
    /// Records deleted.
    pub deleted: u64,
}

/// Traffic under way; goes on if dropped.
pub struct RunningLoad {
    stop: watch::Sender<bool>,
    task: JoinHandle<LoadCounts>,
}

impl RunningLoad {
    /// Ends it after the operation under way.
    pub async fn stop(self) -> LoadCounts {
        self.stop.send_replace(true);
        self.finished().await
    }

    /// Waits for its last operation.
    pub async fn finished(self) -> LoadCounts {
        let Self { stop, task } = self;
        let counts = task.await.expect("the load did not panic");
        drop(stop);
        counts
    }
}

impl Sim {
    /// Starts traffic and returns at once.
    #[must_use]
    pub fn start_load(&self, load: Load) -> RunningLoad {
        let (stop, stopped) = watch::channel(false);
        let servers = Arc::clone(&self.servers);
        let task = self.runtime().spawn(run(servers, load, stopped));
        RunningLoad { stop, task }
    }

    /// Makes traffic and returns when it is over.
    pub async fn run_load(&self, load: Load) -> LoadCounts {
        self.start_load(load).finished().await
    }
}

async fn run(servers: Arc<Servers>, load: Load, stopped: watch::Receiver<bool>) -> LoadCounts {
    let mut counts = LoadCounts::default();
    let mut chance = chance(load.seed, "load", 0);
    let start = Instant::now();
    let between = Duration::from_secs(1) / load.rate.max(1);
    for number in 0..load.operations {
        sleep_until(start + between * u32::try_from(number).expect("a load that ends")).await;
        if *stopped.borrow() {
            break;
        }
        operate(&servers, &load, number, &mut chance, &mut counts);
    }
    counts
}

/// Half of all operations create; the others update and delete what is there.
fn operate(servers: &Servers, load: &Load, number: u64, chance: &mut StdRng, counts: &mut LoadCounts) {
    let accounts = &servers.world.accounts;
    let from = chance.random_range(0..accounts.len());
    let kind = chance.random_range(0..4_u32);
    let collection = one_of(chance, &load.collections).clone();
    let micros = FIRST_COMMIT + i64::try_from(number).expect("a load that ends") * 1000;
    let (new_key, record) = (tid(micros, chance), record(&collection, micros, chance));
    let pick = chance.random::<u64>();
    let mut candidates = (0..accounts.len()).map(|step| &accounts[(from + step) % accounts.len()]);
    let Some(account) = candidates.find(|account| servers.is_believed(account)) else { return };
    let existing = if kind < 2 { None } else { a_record(account, &collection, pick) };
    let (rkey, record) = match (existing, kind) {
        (None, _) => {
            counts.created += 1;
            (new_key, Some(record))
        }
        (Some(rkey), 2) => {
            counts.updated += 1;
            (rkey, Some(record))
        }
        (Some(rkey), _) => {
            counts.deleted += 1;
            (rkey, None)
        }
    };
    let rkey = RecordKey::parse(&rkey).expect("a key that is in use, or a TID");
    servers.world.commit(account, &[Write { collection, rkey, record }]);
}

/// The key of one of the records that an account has in a collection.
fn a_record(account: &Account, collection: &Nsid, pick: u64) -> Option<String> {
    let mut state = account.state();
    let snapshot = account.history(&mut state).repository.snapshot();
    let count = snapshot.collection(collection.as_str()).count();
    let nth = usize::try_from(pick % u64::try_from(count).ok()?.max(1)).ok()?;
    snapshot.collection(collection.as_str()).nth(nth).map(|(rkey, _)| rkey.to_owned())
}
