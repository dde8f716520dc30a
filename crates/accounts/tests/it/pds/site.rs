//! A served shell with nothing but accounts in it, on the network of the test.

use std::{collections::HashMap, sync::Arc, time::Duration};

use accounts::{
    Accounts, AccountsConfig, AccountsParts, Vault, VaultConfig,
    clients::RateLimit,
    pds::{PdsCall, PdsError, PdsSession},
};
use atproto::{Did, Nsid};
use cache::{Cache, MemoryConfig};
use events::EventLog;
use identity::{Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use server::{Shell, ShellConfig};
use store::{Store, Value as Param, v};
use testkit::{Browser, HttpClient, Network};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use url::Url;

pub(crate) const NOTE: &str = "com.example.demo.note";

/// Where a site finds accounts.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) plc: Url,
    /// Who knows `.test` handles.
    pub(crate) handles: Option<Url>,
    /// How long other servers may take.
    pub(crate) patience: Duration,
}

pub(crate) struct Site {
    pub(crate) accounts: Accounts,
    pub(crate) origin: String,
    pub(crate) http: HttpClient,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    resolver: Resolver,
    stop: CancellationToken,
    running: JoinHandle<Result<(), server::Error>>,
}

impl Surroundings {
    pub(crate) fn of(network: &Network) -> Self {
        let url = |text: &str| text.parse().unwrap();
        Self {
            plc: url(&network.endpoints.plc),
            handles: Some(url(&network.endpoints.pds[0])),
            patience: Duration::from_secs(15),
        }
    }
}

impl Site {
    pub(crate) async fn start(surroundings: &Surroundings, store: &Store) -> Self {
        Self::start_as(surroundings, store, None).await
    }

    /// A site that the outside reaches under another address than its own.
    pub(crate) async fn start_as(
        surroundings: &Surroundings,
        store: &Store,
        public_url: Option<&str>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (accounts, vault, resolver) = open(surroundings, store, public_url.unwrap_or(&origin)).await;
        let shell = Shell::new(
            ShellConfig::default(),
            Arc::new(accounts.clone()),
            Arc::new(accounts.domains.clone()),
            Vec::new(),
            vec![accounts.app()],
        )
        .unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(shell.serve(listener, stop.clone()));
        Self {
            accounts,
            http: HttpClient::new(&origin),
            origin,
            store: store.clone(),
            vault,
            resolver,
            stop,
            running,
        }
    }

    /// Another instance on the same database, which shares nothing else.
    pub(crate) async fn sibling(&self, surroundings: &Surroundings) -> Accounts {
        open(surroundings, &self.store, &self.origin).await.0
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.http)
    }

    /// The session that somebody's browser began.
    pub(crate) async fn session(&self, did: &str) -> PdsSession {
        self.try_session(did).await.unwrap()
    }

    pub(crate) async fn try_session(&self, did: &str) -> Result<PdsSession, PdsError> {
        self.accounts.pds_sessions.of_account(&Did::parse(did).unwrap()).await
    }

    /// Changes rows behind the server's back; how many.
    pub(crate) async fn sql(&self, sql: &'static str, number: Option<i64>) -> u64 {
        let changed = self.store.state.write(move |conn| {
            let params: Vec<Param<'_>> = number.into_iter().map(v).collect();
            conn.execute(sql, &params)
        });
        changed.await.unwrap()
    }

    /// The access tokens are over, for all the server knows.
    pub(crate) async fn expire_tokens(&self) {
        assert!(self.sql("UPDATE pds_sessions SET expires_at = 1", None).await > 0);
    }

    /// The number of token sets that a session has had.
    pub(crate) async fn version(&self, did: &str) -> Option<i64> {
        let did = did.to_owned();
        let version = self.store.state.read(move |conn| {
            let sql = "SELECT version FROM pds_sessions WHERE did = $1";
            conn.query_opt::<_, store::Error>(sql, &[v(&did)], |row| row.int(0))
        });
        version.await.unwrap()
    }

    /// What an event on the network says: this account changed.
    pub(crate) async fn forget(&self, did: &str) {
        self.resolver.invalidate(&Did::parse(did).unwrap()).await;
    }

    /// Ends the server in order.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

async fn open(surroundings: &Surroundings, store: &Store, public_url: &str) -> (Accounts, Vault, Resolver) {
    let data_dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(&VaultConfig {
        data_dir: data_dir.path(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    });
    let vault = vault.unwrap();
    let outbound = Outbound::new(OutboundConfig {
        policy: Policy::development(),
        // One fault of a test must not be felt in the next.
        back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
        timeout: surroundings.patience,
        ..OutboundConfig::default()
    });
    let outbound = outbound.unwrap();
    let resolver = ResolverConfig {
        dev: true,
        test_handles: surroundings.handles.clone(),
        refresh_floor: Duration::ZERO,
        ..ResolverConfig::new(surroundings.plc.clone())
    };
    let resolver = Resolver::new(outbound.clone(), resolver);
    let (events, _writer) = EventLog::open(&store.state, None);
    let parts = AccountsParts {
        state: store.state.clone(),
        cache: Cache::memory(MemoryConfig::default()),
        resolver: resolver.clone(),
        outbound,
        events,
        vault: vault.clone(),
        config: AccountsConfig {
            public_url: public_url.parse().unwrap(),
            base_path: String::new(),
            plc_url: surroundings.plc.clone(),
            default_rate_limit: RateLimit { capacity: 100, refill_rate: 2.0 },
            environment: HashMap::new(),
        },
    };
    (Accounts::open(parts).await.unwrap(), vault, resolver)
}

pub(crate) fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

/// Writes a note.
pub(crate) fn create_note(did: &str, text: &str) -> PdsCall {
    let record = json!({ "$type": NOTE, "text": text, "createdAt": "2025-01-01T00:00:00.000Z" });
    let body: Value = json!({ "repo": did, "collection": NOTE, "record": record });
    PdsCall::procedure(nsid("com.atproto.repo.createRecord")).json(&body)
}

/// Asks who the caller is, which takes a valid token.
pub(crate) fn get_session() -> PdsCall {
    PdsCall::query(nsid("com.atproto.server.getSession"))
}
