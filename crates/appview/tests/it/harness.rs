//! A server with its stream, as the composition root builds it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ::jobs::{Tuning, WorkerConfig};
use ::records::{Ingest, IngestConfig, IngestHook, IngestParts, IngestStatus, Records, Wanted};
use accounts::clients::RateLimit;
use accounts::{Accounts, AccountsConfig, AccountsParts, Actor, AttestationConfig, Vault, VaultConfig};
use appview::{Appview, AppviewParts, Catalogue, History, Lexicons, NewLexicon, PublicConfig, Queries};
use events::EventLog;
use identity::{Resolver, ResolverConfig};
use labels::LabelsConfig;
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use remote::Mode;
use serde_json::{Value, json};
use server::{Shell, ShellConfig};
use store::Store;
use testkit::{Answer, HttpClient, Network};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::others::Others;
use crate::stream::Stream;
pub(crate) use crate::surroundings::Surroundings;
pub(crate) use appview::schemas;
use testkit::DnsServer;

/// What changed must be seen within this time, or it is not seen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The collection most tests write to, and the query that reads it.
pub(crate) const STATUS: &str = "com.example.status";
pub(crate) const GET_STATUSES: &str = "com.example.getStatuses";

/// An author without a server behind the name.
pub(crate) const ALICE: &str = "did:web:alice.invalid";
pub(crate) const BOB: &str = "did:web:bob.invalid";

/// Runs a test against a server of its own on each engine.
pub(crate) async fn on_each_server<F, T>(test: F)
where
    F: Fn(Server) -> T + Copy,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&schemas(), |store| async move { test(Server::start(store).await).await }).await;
}

/// One server; ended when dropped.
pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) accounts: Accounts,
    /// What the server did, once its writer has come round to it.
    pub(crate) events: EventLog,
    pub(crate) catalogue: Catalogue,
    pub(crate) hook: Arc<dyn IngestHook>,
    pub(crate) records: Records,
    /// Anybody.
    pub(crate) client: HttpClient,
    /// A holder of every permission the appview asks for.
    pub(crate) admin: HttpClient,
    pub(crate) stream: Stream,
    /// What other apps hand on.
    pub(crate) queries: Queries,
    ingested: watch::Receiver<IngestStatus>,
    stop: CancellationToken,
}

impl Server {
    /// With a stream of its own, and nobody else around.
    pub(crate) async fn start(store: Store) -> Self {
        Self::launch(store, Surroundings::nobody()).await
    }

    /// In a network, whose stream it follows; what is said to its own goes unheard.
    pub(crate) async fn start_in(network: &Network, store: Store) -> Self {
        Self::launch(store, Surroundings::of(network)).await
    }

    /// In a network, but deaf to its stream.
    pub(crate) async fn start_deaf_in(network: &Network, store: Store) -> Self {
        Self::launch(store, Surroundings { jetstream: None, ..Surroundings::of(network) }).await
    }

    /// Where `surroundings` says.
    #[expect(clippy::too_many_lines, reason = "it names every part of an appview once")]
    pub(crate) async fn launch(store: Store, surroundings: Surroundings) -> Self {
        let Surroundings { plc, relay, dns, handles, jetstream, cache, instance, script_http_hosts } =
            surroundings;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let outbound = Outbound::new(OutboundConfig {
            policy: Policy::development(),
            dns: Some(match dns {
                Some(address) => address.parse().unwrap(),
                None => DnsServer::start().await.address,
            }),
            // One fault of a test must not be felt in the next.
            back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
            ..OutboundConfig::default()
        });
        let outbound = outbound.unwrap();
        let resolver = ResolverConfig {
            dev: true,
            test_handles: handles.map(|url| url.parse().unwrap()),
            ..ResolverConfig::new(plc.parse().unwrap())
        };
        let resolver = Resolver::new(outbound.clone(), resolver);
        let (events, writer) = EventLog::open(&store.state, None);
        let vault = self::vault();
        let accounts = Accounts::open(AccountsParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            events: events.clone(),
            vault: vault.clone(),
            config: AccountsConfig {
                public_url: origin.parse().unwrap(),
                base_path: String::new(),
                plc_url: plc.parse().unwrap(),
                default_rate_limit: RateLimit { capacity: 100, refill_rate: 2.0 },
                environment: HashMap::from([("APP_NAME".to_owned(), "Example".to_owned())]),
            },
        });
        let accounts = accounts.await.unwrap();
        let (records, wanted) = (Records::new(&store, vec![find::index::projection()]), Wanted::default());
        let others = Others { store: &store, records: &records, outbound: &outbound, resolver: &resolver };
        let readthrough = others.readthrough(cache, accounts.settings.clone());
        let directory = relay.as_ref().unwrap_or(&plc).parse().unwrap();
        let backfills = others.backfills(directory, wanted.clone(), events.clone());
        let parts = AppviewParts {
            store: store.clone(),
            accounts: accounts.clone(),
            records: records.clone(),
            readthrough,
            history: History { backfills: backfills.clone(), mode: Mode::Auto, verified: false },
            wanted: wanted.clone(),
            resolver: resolver.clone(),
            events: events.clone(),
            outbound: outbound.clone(),
            vault,
            jobs: jobs(&instance),
            labels: LabelsConfig {
                back_off: (Duration::from_millis(20), Duration::from_millis(50)),
                second_look: Duration::from_millis(50),
                ..LabelsConfig::new(instance.clone())
            },
            attestation: AttestationConfig::default(),
            script_http_hosts,
            instance,
            config: config(),
        };
        let appview = Appview::open(parts).await.unwrap();
        let queries = appview.queries();
        let (catalogue, hooks) = (appview.catalogue().clone(), appview.ingest_hooks());
        let hook = hooks[0].clone();
        let stream = Stream::start().await;
        let jetstream = jetstream.unwrap_or_else(|| stream.url().to_owned());
        let ingest = Ingest::new(IngestParts {
            records: records.clone(),
            events: events.clone(),
            outbound,
            resolver,
            wanted,
            hooks,
            config: IngestConfig::new(jetstream.parse().unwrap(), "test".to_owned()),
        });
        let (ingested, stop) = (ingest.status(), CancellationToken::new());
        tokio::spawn(ingest.run(stop.clone()));
        tokio::spawn(writer.run(stop.clone()));
        if relay.is_some() {
            tokio::spawn(backfills.run(stop.clone()));
        }
        let apps = vec![accounts.app(), appview.app()];
        let (config, sites) = (ShellConfig::default(), Arc::new(accounts.domains.clone()));
        let shell = Shell::new(config, Arc::new(accounts.clone()), sites, Vec::new(), apps).unwrap();
        tokio::spawn(shell.serve(listener, stop.clone()));
        let client = HttpClient::new(&origin);
        let admin = client.with_bearer(&key(&accounts, &permissions()).await);
        Self {
            store,
            accounts,
            events,
            catalogue,
            hook,
            records,
            client,
            admin,
            stream,
            queries,
            ingested,
            stop,
        }
    }

    /// A key with these permissions only.
    pub(crate) async fn caller(&self, permissions: &[&str]) -> HttpClient {
        self.client.with_bearer(&key(&self.accounts, permissions).await)
    }

    /// The handle that another process, such as the command line, would use.
    pub(crate) fn lexicons(&self) -> Lexicons {
        Lexicons::open(&self.store)
    }

    /// Adds a lexicon and waits until it is in effect.
    pub(crate) async fn add(&self, new: NewLexicon) {
        self.catalogue.lexicons().put(new).await.unwrap();
        self.catalogue.refresh().await.unwrap();
    }

    /// Adds the record lexicon and the query that most tests use.
    pub(crate) async fn add_status_lexicons(&self) {
        self.add(NewLexicon::new(record_lexicon(STATUS).to_string())).await;
        self.add(query_of(GET_STATUSES, STATUS)).await;
    }

    /// Returns when everything up to this event is in the index.
    pub(crate) async fn ingested(&self, time_us: i64) {
        let mut status = self.ingested.clone();
        let reached = status.wait_for(|status| status.cursor >= Some(time_us));
        let result = tokio::time::timeout(PATIENCE, reached).await.map(Result::unwrap).map(drop);
        result.unwrap_or_else(|_| panic!("not ingested: {:?}", self.ingested.borrow()));
    }

    /// Waits until `condition` holds.
    pub(crate) async fn eventually(&self, what: &str, condition: impl AsyncFn() -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !condition().await {
            assert!(tokio::time::Instant::now() < deadline, "never: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Writes a record and waits for it.
    pub(crate) async fn write(&self, did: &str, rkey: &str, record: &str) {
        self.ingested(self.stream.put(did, STATUS, rkey, record)).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn vault() -> Vault {
    let config = VaultConfig {
        // Nothing is written where the secret is given.
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    Vault::open(&config).unwrap()
}

/// A new key of the local operator.
async fn key(accounts: &Accounts, permissions: &[&str]) -> String {
    accounts.keys.create(&Actor::LocalOperator, "test", permissions).await.unwrap().key
}

/// Everything the appview's routes ask for.
fn permissions() -> [&'static str; 21] {
    [
        "backfill:create",
        "backfill:read",
        "lexicons:create",
        "lexicons:read",
        "lexicons:delete",
        "records:read",
        "records:delete",
        "records:delete-collection",
        "stats:read",
        "scripts:read",
        "scripts:manage",
        "script-variables:create",
        "script-variables:read",
        "script-variables:delete",
        "dead-letters:read",
        "dead-letters:manage",
        "jobs:read",
        "jobs:manage",
        "labelers:create",
        "labelers:read",
        "labelers:delete",
    ]
}

/// Two jobs at a time, of which nothing takes as long as in earnest.
fn jobs(instance: &str) -> WorkerConfig {
    WorkerConfig {
        tuning: Arc::new(|| Tuning { concurrency: 2, ..Tuning::default() }),
        poll: Duration::from_millis(100),
        lease: Duration::from_secs(2),
        grace: Duration::from_secs(1),
        back_off: (Duration::from_millis(50), Duration::from_millis(100)),
        ..WorkerConfig::new(instance.to_owned())
    }
}

fn config() -> PublicConfig {
    PublicConfig {
        public_url: "https://view.example.com".to_owned(),
        version: "1.2.3",
        jetstream_url: "wss://jetstream.example.com".to_owned(),
        relay_url: "https://relay.example.com".to_owned(),
        plc_url: "https://plc.example.com".to_owned(),
        default_rate_limit_capacity: 100,
        default_rate_limit_refill_rate: 2.0,
        config_errors: vec!["SESSION_SECRET is not set".to_owned()],
    }
}

pub(crate) fn record_lexicon(id: &str) -> Value {
    json!({"lexicon": 1, "id": id, "defs": {"main": {"type": "record", "key": "tid", "record": {
        "type": "object", "required": ["status"], "properties": {"status": {"type": "string"}},
    }}}})
}

pub(crate) fn query_lexicon(id: &str) -> Value {
    json!({"lexicon": 1, "id": id, "defs": {"main": {"type": "query", "parameters": {"type": "params", "properties": {
        "uri": {"type": "string", "format": "at-uri"},
        "did": {"type": "string", "format": "did"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "cursor": {"type": "string"},
    }}}}})
}

pub(crate) fn procedure_lexicon(id: &str) -> Value {
    json!({"lexicon": 1, "id": id, "defs": {"main": {"type": "procedure"}}})
}

/// A query lexicon that reads `collection`.
pub(crate) fn query_of(id: &str, collection: &str) -> NewLexicon {
    let lexicon = NewLexicon::new(query_lexicon(id).to_string());
    NewLexicon { target_collection: Some(collection.to_owned()), ..lexicon }
}

/// For answers whose body does not matter.
#[track_caller]
pub(crate) fn has_status(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
}
