//! An index with holes, and a network to ask.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atproto::{AtUri, Did, Nsid, RecordKey};
use cache::{Cache, MemoryConfig};
use identity::{Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy as Guard};
use readthrough::{Answer, Asker, Budget, How, Policy, ReadThrough, ReadThroughConfig, ReadThroughParts};
use records::Records;
use remote::{Remote, RemoteConfig};
use store::Store;
use testkit::sim::{Plan, Sim};

/// The host method that proves a record.
pub(crate) const GET_RECORD: &str = "com.atproto.sync.getRecord";

/// A budget that no test exhausts by accident.
pub(crate) const PLENTY: Budget = Budget { per_asker: 100_000, total: 100_000 };

/// An index, a network and the way from the one to the other.
pub(crate) struct Rig {
    pub(crate) sim: Sim,
    pub(crate) store: Store,
    pub(crate) records: Records,
    pub(crate) cache: Cache,
    pub(crate) budget: Arc<Mutex<Budget>>,
    pub(crate) outbound: Outbound,
    pub(crate) resolver: Resolver,
    pub(crate) read: ReadThrough,
}

/// The collection of these tests.
pub(crate) fn note() -> Nsid {
    Nsid::parse("com.example.note").unwrap()
}

/// Runs a test on each engine, with the cache in memory and in Valkey.
pub(crate) async fn on_each(plan: Plan, test: impl AsyncFn(Rig)) {
    let (plan, test) = (&plan, &test);
    testkit::on_each_engine(&records::SCHEMAS, |store| async move {
        eprintln!("cache: memory");
        test(Rig::new(plan.clone(), store, Cache::memory(MemoryConfig::default())).await).await;
    })
    .await;
    let Some(url) = valkey() else { return };
    testkit::on_each_engine(&records::SCHEMAS, |store| {
        let url = url.clone();
        async move {
            eprintln!("cache: Valkey");
            let cache = Cache::connect(&url, &prefix()).await.unwrap();
            test(Rig::new(plan.clone(), store, cache).await).await;
        }
    })
    .await;
}

fn valkey() -> Option<String> {
    let url = std::env::var("TEST_VALKEY_URL").ok();
    if url.is_none() {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
    }
    url
}

fn prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test:read:{}:{}:", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A network of normal hosts, with one account each that has so many notes.
pub(crate) fn plan(hosts: usize, notes: u32) -> Plan {
    Plan::normal(4, hosts, 1, &[note()], notes)
}

impl Rig {
    pub(crate) async fn new(plan: Plan, store: Store, cache: Cache) -> Self {
        let sim = Sim::start(plan).await;
        let outbound = Outbound::new(OutboundConfig {
            policy: Guard::development(),
            connect_timeout: Duration::from_secs(2),
            // It is not to be what keeps questions away from hosts that fail.
            back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
            ..OutboundConfig::default()
        });
        let outbound = outbound.unwrap();
        let resolver =
            ResolverConfig { dev: true, refresh_floor: Duration::ZERO, ..ResolverConfig::new(sim.plc()) };
        let resolver = Resolver::new(outbound.clone(), resolver);
        let records = Records::new(&store, Vec::new());
        let budget = Arc::new(Mutex::new(PLENTY));
        let parts = parts(&records, &outbound, &resolver, &cache, &budget);
        let read = ReadThrough::new(parts);
        Self { sim, store, records, cache, budget, outbound, resolver, read }
    }

    /// Another instance beside it, or the same with other bounds: it shares index and cache.
    pub(crate) fn instance(&self, config: ReadThroughConfig) -> ReadThrough {
        let parts = parts(&self.records, &self.outbound, &self.resolver, &self.cache, &self.budget);
        ReadThrough::new(ReadThroughParts { config, ..parts })
    }

    /// The account at the host of this number.
    pub(crate) fn account(&self, host: usize) -> Did {
        let accounts = self.sim.accounts();
        accounts.into_iter().find(|did| self.sim.host_of(did) == host).unwrap()
    }

    /// The keys of the notes that an account has written, the oldest first.
    pub(crate) fn keys(&self, did: &Did) -> Vec<RecordKey> {
        self.sim.served(did).keys().map(|uri| AtUri::parse(uri).unwrap().rkey().unwrap().clone()).collect()
    }

    /// A note as anybody would ask for it.
    pub(crate) async fn get(&self, did: &Did, key: &RecordKey) -> Answer {
        get(&self.read, did, key, "203.0.113.1").await
    }

    /// The same, nothing but how.
    pub(crate) async fn how(&self, did: &Did, key: &RecordKey) -> How {
        let Answer { record, how } = self.get(did, key).await;
        assert_eq!(record.is_some(), matches!(how, How::Here | How::Fetched), "{how:?}");
        how
    }

    /// Everything in the index, by URI.
    pub(crate) async fn indexed(&self) -> BTreeMap<String, serde_json::Value> {
        let rows = self.store.index.read(|conn| {
            conn.query("SELECT uri, record FROM records ORDER BY uri", &[], |row| {
                Ok::<_, store::Error>((row.string(0)?, row.string(1)?))
            })
        });
        let rows = rows.await.unwrap();
        rows.into_iter().map(|(uri, json)| (uri, serde_json::from_str(&json).unwrap())).collect()
    }

    /// Requests that the hosts were asked since the last time.
    pub(crate) fn asked(&self) -> u64 {
        let requests = self.sim.requests();
        let hosts =
            requests.counts.iter().filter(|((place, _), _)| matches!(place, testkit::sim::Place::Host(_)));
        let asked = hosts.map(|(_, count)| count).sum();
        self.sim.forget_requests();
        asked
    }
}

fn parts(
    records: &Records,
    outbound: &Outbound,
    resolver: &Resolver,
    cache: &Cache,
    budget: &Arc<Mutex<Budget>>,
) -> ReadThroughParts {
    let budget = Arc::clone(budget);
    ReadThroughParts {
        records: records.clone(),
        remote: Remote::new(
            outbound.clone(),
            resolver.clone(),
            RemoteConfig { unproven_records: false, ..RemoteConfig::default() },
        ),
        cache: cache.clone(),
        budget: Arc::new(move || *budget.lock().unwrap()),
        config: ReadThroughConfig::default(),
    }
}

/// A note as somebody at an address would ask for it.
pub(crate) async fn get(read: &ReadThrough, did: &Did, key: &RecordKey, address: &str) -> Answer {
    let asker = Asker::Address(address.parse().unwrap());
    read.record(did, &note(), key, || Policy::Get, asker).await.unwrap()
}

/// A key that nobody has written.
pub(crate) fn nothing() -> RecordKey {
    RecordKey::parse("nothing").unwrap()
}
