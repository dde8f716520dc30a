//! A stream, an index, and what follows the one into the other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use atproto::{Nsid, Tid};
use events::EventLog;
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use records::{
    Ingest, IngestConfig, IngestHook, IngestParts, IngestState, IngestStatus, Interest, Record, Records,
    Wanted,
};
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::stream::Stream;

pub(crate) const ALICE: &str = "did:plc:aliceaaaaaaaaaaaaaaaaaaa";
pub(crate) const BOB: &str = "did:plc:bobbbbbbbbbbbbbbbbbbbbbb";

/// How long a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Rig {
    pub(crate) stream: Stream,
    pub(crate) records: Records,
    pub(crate) wanted: Wanted,
    pub(crate) store: Store,
}

/// A running ingest.
pub(crate) struct Running {
    pub(crate) status: watch::Receiver<IngestStatus>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Rig {
    /// Wants `com.example.note`.
    pub(crate) async fn new(store: Store) -> Self {
        let wanted = Wanted::default();
        wanted.set("test", Interest { index: BTreeSet::from([note()]), watch: BTreeSet::new() });
        Self { stream: Stream::start().await, records: Records::new(&store, Vec::new()), wanted, store }
    }

    pub(crate) fn start(&self) -> Running {
        self.start_as("one", Vec::new())
    }

    pub(crate) fn start_as(&self, instance: &str, hooks: Vec<Arc<dyn IngestHook>>) -> Running {
        let policy = Policy { allow_loopback: true, ..Policy::default() };
        let outbound = Outbound::new(OutboundConfig { policy, ..OutboundConfig::default() }).unwrap();
        let resolver = Resolver::new(outbound.clone(), ResolverConfig::default());
        let ingest = Ingest::new(IngestParts {
            records: self.records.clone(),
            events: EventLog::open(&self.store.state, None).0,
            outbound,
            resolver,
            wanted: self.wanted.clone(),
            hooks,
            config: IngestConfig {
                compress: false,
                back_off: (Duration::from_millis(20), Duration::from_millis(100)),
                ..IngestConfig::new(self.stream.url(), instance.to_owned())
            },
        });
        let stop = CancellationToken::new();
        Running { status: ingest.status(), task: tokio::spawn(ingest.run(stop.clone())), stop }
    }

    /// Waits until the event at `time_us` is committed.
    pub(crate) async fn committed(&self, running: &mut Running, time_us: i64) {
        running.until(|status| status.cursor >= Some(time_us)).await;
    }

    pub(crate) async fn get(&self, did: &str, rkey: &str) -> Option<Record> {
        let (did, rkey) = (did.parse().unwrap(), rkey.parse().unwrap());
        self.records.get(&did, &note(), &rkey).await.unwrap()
    }

    /// The JSON of every record, by URI.
    pub(crate) async fn all(&self) -> Vec<(String, serde_json::Value)> {
        self.store
            .index
            .read(|conn| {
                conn.query("SELECT uri, record FROM records ORDER BY uri", &[], |row| {
                    Ok::<_, store::Error>((row.string(0)?, serde_json::from_str(row.text(1)?).unwrap()))
                })
            })
            .await
            .unwrap()
    }

    pub(crate) async fn cursor(&self) -> Option<i64> {
        self.records.sources().await.unwrap().first().and_then(|source| source.time_us)
    }
}

impl Running {
    pub(crate) async fn until(&mut self, condition: impl FnMut(&IngestStatus) -> bool) {
        let reached = tokio::time::timeout(PATIENCE, self.status.wait_for(condition)).await.is_ok();
        assert!(reached, "still {:?}", *self.status.borrow());
    }

    pub(crate) async fn live(&mut self) {
        self.until(|status| status.state == IngestState::Live).await;
    }

    /// As a server that stops orderly.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }

    /// As a server that is killed.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

pub(crate) fn note() -> Nsid {
    Nsid::parse("com.example.note").unwrap()
}

/// Revision number `n` as text.
pub(crate) fn rev(n: i64) -> String {
    Tid::new(1_700_000_000_000_000 + n, 0).unwrap().to_string()
}

/// Waits until `condition` holds.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
