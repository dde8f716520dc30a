//! An index, scripts, and what runs them.

use std::any::Any;
use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::{Vault, VaultConfig};
use atproto::{Cid, Did, Nsid, RecordKey, Tid, data};
use events::EventLog;
use futures::future::BoxFuture;
use identity::{Resolver, ResolverConfig};
use labels::Labels;
use lua::{Engine, EngineConfig, Host, HostError, Limits};
use outbound::{Outbound, OutboundConfig};
use records::{
    Decision, Ingest, IngestConfig, IngestHook, IngestParts, RecordAction, RecordEvent, Records, Wanted,
};
use remote::{Found, Part};
use scripts::{DeadLetters, Library, NewScript, Parked, RecordHook, Retried, Scripts};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::{Schema, Store};
use tokio_util::sync::CancellationToken;

pub(crate) const ALICE: &str = "did:plc:aliceaaaaaaaaaaaaaaaaaaa";

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// What is outside: somebody who counts what is written down, and somebody who can be waited for.
#[derive(Default)]
pub(crate) struct Outside {
    lines: AtomicUsize,
    /// Scripts that wait, and the most that did at once.
    waiting: AtomicUsize,
    most: AtomicUsize,
    /// What was said when a wait ended.
    pub(crate) said: Mutex<Vec<String>>,
}

impl Host for Outside {
    fn functions(&self) -> &[&'static str] {
        &["test.wait"]
    }

    fn call<'a>(
        &'a self,
        _: &'a Arc<dyn Any + Send + Sync>,
        _: usize,
        arguments: &'a RawValue,
    ) -> BoxFuture<'a, Result<Box<RawValue>, HostError>> {
        let (millis, says): (u64, String) = serde_json::from_str(arguments.get()).unwrap();
        Box::pin(async move {
            let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(waiting, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(millis)).await;
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            self.said.lock().unwrap().push(says);
            Ok(RawValue::NULL.to_owned())
        })
    }

    fn log(&self, _: &Arc<dyn Any + Send + Sync>, _: &str) {
        self.lines.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) records: Records,
    pub(crate) library: Library,
    pub(crate) parked: Parked,
    pub(crate) letters: DeadLetters,
    pub(crate) hook: RecordHook,
    pub(crate) outside: Arc<Outside>,
}

/// Runs a test on each engine.
pub(crate) async fn on_each<F: Future<Output = ()>>(test: impl Fn(Rig) -> F) {
    let schemas: Vec<&'static Schema> =
        [&records::SCHEMAS[..], &labels::SCHEMAS, &accounts::SCHEMAS, &[&events::SCHEMA, &scripts::SCHEMA]]
            .concat();
    testkit::on_each_engine(&schemas, |store| {
        let test = &test;
        async move { test(Rig::new(store).await).await }
    })
    .await;
}

impl Rig {
    async fn new(store: Store) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let vault = Vault::open(&VaultConfig {
            data_dir: data_dir.path(),
            master_secret: Some("a master secret of the tests, long enough"),
            token_encryption_key: None,
        });
        let outside = Arc::<Outside>::default();
        let engine = Engine::new(EngineConfig::new(16, Arc::<Outside>::clone(&outside)));
        let (events, _) = EventLog::open(&store.state, None);
        let scripts = Scripts::open(&store, vault.unwrap(), events, engine);
        let (library, records) = (Library::load(scripts).await.unwrap(), Records::new(&store, Vec::new()));
        let parked =
            Parked::new(library.clone(), records.clone(), Labels::new(&store), "test", Limits::default);
        let hook = RecordHook::new(parked.clone());
        Self { letters: DeadLetters::new(&store.state), store, records, library, parked, hook, outside }
    }

    /// From now on the scripts decide about whatever is written, as in a server that follows a stream.
    pub(crate) fn decide_about_everything(&self) {
        let outbound = Outbound::new(OutboundConfig::default()).unwrap();
        let _ = Ingest::new(IngestParts {
            records: self.records.clone(),
            events: EventLog::open(&self.store.state, None).0,
            resolver: Resolver::new(outbound.clone(), ResolverConfig::default()),
            outbound,
            wanted: Wanted::default(),
            hooks: vec![Arc::new(RecordHook::new(self.parked.clone()))],
            config: IngestConfig::new("ws://127.0.0.1:1".parse().unwrap(), "test".to_owned()),
        });
    }

    /// How many lines scripts have written down since this was last asked.
    pub(crate) fn lines(&self) -> usize {
        self.outside.lines.swap(0, Ordering::Relaxed)
    }

    /// How many scripts waited at once since this was last asked.
    pub(crate) fn most_at_once(&self) -> usize {
        self.outside.most.swap(0, Ordering::SeqCst)
    }

    /// Stores a script, in effect.
    pub(crate) async fn put(&self, trigger: &str, body: &str) {
        self.library.scripts().put(script(trigger, body), None).await.unwrap();
        self.library.refresh().await.unwrap();
    }

    /// Puts records into the index as they are.
    pub(crate) async fn store(&self, records: &[(&str, Value)]) {
        for (rkey, record) in records {
            let part = part(rkey, 0, Some(record));
            self.records.reconcile(vec![part], false, Arc::new(|_, _| Ok(()))).await.unwrap();
        }
    }

    /// Tries a dead letter again.
    pub(crate) async fn retry(&self, id: i64) -> Retried {
        let letter = self.letters.get(id).await.unwrap().unwrap();
        self.parked.retry(&letter).await.unwrap()
    }

    pub(crate) async fn decide(&self, events: &[RecordEvent]) -> Vec<Decision> {
        self.hook.decide(events).await.unwrap()
    }

    /// What the index holds under this key.
    pub(crate) async fn here(&self, rkey: &str) -> Option<Value> {
        let (did, rkey) = (Did::parse(ALICE).unwrap(), RecordKey::parse(rkey).unwrap());
        let found = self.records.get(&did, &note(), &rkey).await.unwrap();
        found.map(|record| serde_json::from_str(&record.json).unwrap())
    }

    /// Tries again what is parked until a test has seen enough.
    pub(crate) async fn retrying(&self, until: impl AsyncFn() -> bool) {
        let stop = CancellationToken::new();
        let task = tokio::spawn(self.parked.clone().run(stop.clone()));
        let waiting = async {
            while !until().await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "it happens in time");
        stop.cancel();
        task.await.unwrap();
    }
}

pub(crate) fn script(trigger: &str, body: &str) -> NewScript {
    let script_type = "lua".to_owned();
    NewScript { id: trigger.to_owned(), script_type, body: body.to_owned(), description: None }
}

pub(crate) fn note() -> Nsid {
    Nsid::parse("com.example.note").unwrap()
}

pub(crate) fn rev(n: i64) -> Tid {
    Tid::new(1_700_000_000_000_000 + n, 0).unwrap()
}

pub(crate) fn cid(record: &Value) -> Cid {
    data::record::inspect(record.to_string().as_bytes(), &data::Limits::default()).unwrap().cid.unwrap()
}

/// What a repository says of one key.
pub(crate) fn part(rkey: &str, n: i64, record: Option<&Value>) -> Part {
    let key = RecordKey::parse(rkey).unwrap();
    let found = |record: &Value| Found {
        rkey: key.clone(),
        json: record.to_string(),
        cid: cid(record),
        refs: Vec::new(),
    };
    Part {
        did: Did::parse(ALICE).unwrap(),
        collection: note(),
        rev: rev(n),
        asked_at: 1,
        keys: (Bound::Included(key.clone()), Bound::Included(key.clone())),
        records: record.map(found).into_iter().collect(),
        proven: true,
    }
}

/// A record is written.
pub(crate) fn put(rkey: &str, n: i64, record: &Value) -> RecordEvent {
    let RecordAction::Put { json, refs, .. } =
        RecordAction::put(record.to_string().as_bytes(), None).unwrap()
    else {
        unreachable!("a put")
    };
    event(rkey, n, RecordAction::Put { json, refs, cid: Some(cid(record)) })
}

/// A record is removed.
pub(crate) fn delete(rkey: &str, n: i64) -> RecordEvent {
    event(rkey, n, RecordAction::Delete)
}

fn event(rkey: &str, n: i64, action: RecordAction) -> RecordEvent {
    RecordEvent {
        did: Did::parse(ALICE).unwrap(),
        collection: note(),
        rkey: RecordKey::parse(rkey).unwrap(),
        rev: rev(n),
        seen_at: n,
        made_at: None,
        action,
    }
}

/// What a script put in the place of a record.
pub(crate) fn replaced(decision: &Decision) -> Value {
    match decision {
        Decision::Replace(json) => serde_json::from_str(json).unwrap(),
        other => json!(format!("{other:?}")),
    }
}
