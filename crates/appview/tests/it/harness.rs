//! A server with its stream, as the composition root builds it.

use std::sync::Arc;
use std::time::Duration;

use ::records::{Ingest, IngestConfig, IngestHook, IngestParts, IngestStatus, Records, Wanted};
use accounts::Accounts;
use appview::{Appview, AppviewParts, Catalogue, Lexicons, NewLexicon, PublicConfig};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use server::{Shell, ShellConfig};
use store::{Schema, Store};
use testkit::{Answer, HttpClient, Network};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::stream::Stream;

/// What changed must be seen within this time, or it is not seen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The collection most tests write to, and the query that reads it.
pub(crate) const STATUS: &str = "com.example.status";
pub(crate) const GET_STATUSES: &str = "com.example.getStatuses";

/// An author without a server behind the name.
pub(crate) const ALICE: &str = "did:web:alice.invalid";
pub(crate) const BOB: &str = "did:web:bob.invalid";

/// The tables of everything the appview stands on.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [&appview::SCHEMAS[..], &::records::SCHEMAS[..], &[&accounts::SCHEMA]].concat()
}

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
    pub(crate) catalogue: Catalogue,
    pub(crate) hook: Arc<dyn IngestHook>,
    /// Anybody.
    pub(crate) client: HttpClient,
    /// A holder of every permission the appview asks for.
    pub(crate) admin: HttpClient,
    pub(crate) stream: Stream,
    ingested: watch::Receiver<IngestStatus>,
    stop: CancellationToken,
}

impl Server {
    /// With a stream of its own, and nobody else around.
    pub(crate) async fn start(store: Store) -> Self {
        let outbound = OutboundConfig { policy: Policy::development(), ..OutboundConfig::default() };
        let stream = Stream::start().await;
        let url = stream.url().to_owned();
        Self::launch(store, stream, outbound, "http://127.0.0.1:1", &url).await
    }

    /// In a network, whose stream it follows; what is said to its own goes unheard.
    pub(crate) async fn start_in(network: &Network, store: Store) -> Self {
        let endpoints = &network.endpoints;
        Self::launch(
            store,
            Stream::start().await,
            surrounded_by(network),
            &endpoints.plc,
            &endpoints.jetstream,
        )
        .await
    }

    /// In a network, but deaf to its stream.
    pub(crate) async fn start_deaf_in(network: &Network, store: Store) -> Self {
        let stream = Stream::start().await;
        let url = stream.url().to_owned();
        Self::launch(store, stream, surrounded_by(network), &network.endpoints.plc, &url).await
    }

    async fn launch(
        store: Store,
        stream: Stream,
        outbound: OutboundConfig,
        plc: &str,
        jetstream: &str,
    ) -> Self {
        let outbound = Outbound::new(outbound).unwrap();
        let resolver = ResolverConfig { dev: true, ..ResolverConfig::new(plc.parse().unwrap()) };
        let resolver = Resolver::new(outbound.clone(), resolver);
        let (records, wanted) = (Records::new(&store, Vec::new()), Wanted::default());
        let parts = AppviewParts {
            store: store.clone(),
            records: records.clone(),
            wanted: wanted.clone(),
            resolver: resolver.clone(),
            outbound: outbound.clone(),
            config: config(),
        };
        let appview = Appview::open(parts).await.unwrap();
        let (catalogue, hook) = (appview.catalogue().clone(), appview.ingest_hook());
        let ingest = Ingest::new(IngestParts {
            records: records.clone(),
            outbound,
            resolver,
            wanted,
            hooks: vec![hook.clone()],
            config: IngestConfig::new(jetstream.parse().unwrap(), "test".to_owned()),
        });
        let (ingested, stop) = (ingest.status(), CancellationToken::new());
        tokio::spawn(ingest.run(stop.clone()));
        let accounts = Accounts::new(store.state.clone());
        let key = accounts.create_local_admin_key("test", &permissions()).await.unwrap().key;
        let client = serve(accounts, appview, stop.clone()).await;
        let admin = client.with_bearer(&key);
        Self { store, catalogue, hook, client, admin, stream, ingested, stop }
    }

    /// A key with these permissions only.
    pub(crate) async fn caller(&self, permissions: &[&str]) -> HttpClient {
        let accounts = Accounts::new(self.store.state.clone());
        let key = accounts.create_local_admin_key("narrow", permissions).await.unwrap().key;
        self.client.with_bearer(&key)
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

async fn serve(accounts: Accounts, appview: Appview, stop: CancellationToken) -> HttpClient {
    let apps = vec![accounts.app(), appview.app()];
    let shell = Shell::new(ShellConfig::default(), Arc::new(accounts), Vec::new(), apps).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = HttpClient::new(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { shell.serve(listener, stop).await.unwrap() });
    client
}

/// Everything the appview's routes ask for.
fn permissions() -> [&'static str; 7] {
    [
        "lexicons:create",
        "lexicons:read",
        "lexicons:delete",
        "records:read",
        "records:delete",
        "records:delete-collection",
        "stats:read",
    ]
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
        app_name: Some("Example".to_owned()),
        logo_url: None,
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

fn surrounded_by(network: &Network) -> OutboundConfig {
    let dns = network.endpoints.dns.as_deref().map(|address| address.parse().unwrap());
    OutboundConfig { policy: Policy::development(), dns, ..OutboundConfig::default() }
}

/// For answers whose body does not matter.
#[track_caller]
pub(crate) fn has_status(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
}
