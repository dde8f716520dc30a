//! Accounts of one server, a served shell with one route per permission, and direct access to the rows.

use std::{collections::HashMap, sync::Arc};

use accounts::{
    Accounts, AccountsConfig, AccountsParts, Actor, ApiKeys, NewKey, SCHEMAS, Users, Vault, VaultConfig,
    clients::RateLimit, permissions::PERMISSIONS,
};
use atproto::Did;
use cache::{Cache, MemoryConfig};
use events::{EventLog, Query, StoredEvent, Writer};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use server::{
    Access, Caller, Credential, Json, Mount, Permission, Route, Shell, ShellConfig, standard_errors,
};
use store::{Database, Schema, Store, v};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// The tables of accounts and of the event log.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [&SCHEMAS[..], &[&events::SCHEMA]].concat()
}

/// Runs a test on a fresh store of each engine.
pub(crate) async fn on_each_engine<F, T>(test: F)
where
    F: Fn(Store) -> T,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&schemas(), test).await;
}

pub(crate) fn did(name: &str) -> Did {
    Did::parse(&format!("did:web:{name}.example.com")).unwrap()
}

/// Acts in person.
pub(crate) fn person(name: &str) -> Actor {
    Actor::User { did: did(name).as_str().into() }
}

/// An event log whose writer runs when it is read.
pub(crate) struct Log {
    pub(crate) events: EventLog,
    writer: Writer,
}

impl Log {
    pub(crate) fn open(store: &Store) -> Self {
        let (events, writer) = EventLog::open(&store.state, None);
        Self { events, writer }
    }

    /// All that was recorded, oldest first.
    pub(crate) async fn read(self) -> Vec<StoredEvent> {
        let stop = CancellationToken::new();
        stop.cancel();
        self.writer.run(stop).await;
        let page = self.events.query(Query { limit: 1000, ..Query::default() }).await.unwrap();
        page.events.into_iter().rev().collect()
    }

    /// Type, actor, subject and detail of all that was recorded.
    pub(crate) async fn told(self) -> Vec<(String, Option<String>, String, Value)> {
        let told = |event: StoredEvent| {
            let detail = serde_json::from_str(&event.detail).unwrap();
            (event.event_type, event.actor_did, event.subject.unwrap_or_default(), detail)
        };
        self.read().await.into_iter().map(told).collect()
    }
}

/// Users of a store by themselves.
pub(crate) fn users(store: &Store) -> (Users, Log) {
    let log = Log::open(store);
    (Users::new(store.state.clone(), log.events.clone()), log)
}

/// The accounts of a server at `public_url`, and its event log.
pub(crate) async fn accounts(store: &Store, public_url: &str) -> (Accounts, Log) {
    let (accounts, log) = try_accounts(store, public_url).await;
    (accounts.unwrap(), log)
}

/// The same where it may fail: its master secret is always the same.
pub(crate) async fn try_accounts(
    store: &Store,
    public_url: &str,
) -> (Result<Accounts, accounts::Error>, Log) {
    let data_dir = tempfile::tempdir().unwrap();
    let config = VaultConfig {
        data_dir: data_dir.path(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    let outbound = OutboundConfig { policy: Policy::development(), ..OutboundConfig::default() };
    let outbound = Outbound::new(outbound).unwrap();
    let log = Log::open(store);
    let parts = AccountsParts {
        state: store.state.clone(),
        cache: Cache::memory(MemoryConfig::default()),
        resolver: Resolver::new(outbound.clone(), ResolverConfig::new("http://127.0.0.1:1".parse().unwrap())),
        outbound,
        events: log.events.clone(),
        vault: Vault::open(&config).unwrap(),
        config: AccountsConfig {
            public_url: public_url.parse().unwrap(),
            base_path: String::new(),
            plc_url: "http://127.0.0.1:1".parse().unwrap(),
            default_rate_limit: RateLimit { capacity: 100, refill_rate: 2.0 },
            environment: HashMap::new(),
        },
    };
    (Accounts::open(parts).await, log)
}

/// A shell on loopback; `/p/N` needs the Nth permission, `/who` any caller, `/xrpc/x` takes no keys.
pub(crate) struct Server {
    pub(crate) keys: ApiKeys,
    pub(crate) state: Database,
    origin: String,
    client: Client,
    stop: CancellationToken,
    running: JoinHandle<Result<(), server::Error>>,
}

impl Server {
    pub(crate) async fn start(store: &Store) -> Self {
        let (accounts, _) = accounts(store, "http://127.0.0.1:3000").await;
        let mut app = accounts.app();
        app.mounts = mounts();
        let keys = accounts.keys.clone();
        let sites = Arc::new(accounts.domains.clone());
        let shell =
            Shell::new(ShellConfig::default(), Arc::new(accounts), sites, Vec::new(), vec![app]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let running = tokio::spawn(shell.serve(listener, stop.clone()));
        Self { keys, state: store.state.clone(), origin, client: Client::new(), stop, running }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.origin))
    }

    /// Status and body of a request with `Authorization: Bearer KEY`.
    pub(crate) async fn get_with(&self, path: &str, key: &str) -> (StatusCode, Value) {
        answer(self.get(path).bearer_auth(key)).await
    }

    pub(crate) async fn status_of(&self, permission: Permission, key: &str) -> u16 {
        self.get_with(&path_of(permission), key).await.0.as_u16()
    }

    /// A key that lists `permissions`, of the local operator.
    pub(crate) async fn key(&self, permissions: &[Permission]) -> NewKey {
        let names: Vec<_> = permissions.iter().map(|permission| permission.name()).collect();
        self.keys.create(&Actor::LocalOperator, "test", &names).await.unwrap()
    }

    /// Every key there is.
    pub(crate) async fn list_keys(&self) -> Vec<accounts::ApiKey> {
        self.keys.list(&Actor::LocalOperator).await.unwrap()
    }

    /// Runs one statement behind the server's back; afterwards its cache is as stale as another instance's.
    pub(crate) async fn sql(&self, sql: &'static str, params: &[&str]) {
        let params: Vec<String> = params.iter().map(ToString::to_string).collect();
        let changed = self.state.write(move |conn| {
            let params: Vec<_> = params.iter().map(v).collect();
            conn.execute(sql, &params)
        });
        assert!(changed.await.unwrap() > 0, "{sql}");
    }

    /// Ends the server in order.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

pub(crate) fn path_of(permission: Permission) -> String {
    let position = PERMISSIONS.iter().position(|info| info.permission == permission);
    format!("/p/{}", position.expect("a known permission"))
}

fn mounts() -> Vec<Mount> {
    let keys = |prefix| Mount { credentials: &[Credential::ApiKey], ..Mount::new(prefix, standard_errors) };
    let guarded = PERMISSIONS.iter().map(|info| {
        let path: &'static str = path_of(info.permission).leak();
        Route::get(path, info.permission, info.name, async || Json("in"))
    });
    vec![
        keys("/p").routes(&(), guarded),
        keys("/who").routes(&(), [Route::get("/who", Access::Authenticated, "", who)]),
        Mount::new("/xrpc", standard_errors)
            .routes(&(), [Route::get("/xrpc/x", Access::Delegated, "", anyone)]),
    ]
}

async fn who(caller: Caller) -> Json<Value> {
    let permissions: Vec<_> = caller.permissions.iter().map(Permission::name).collect();
    Json(serde_json::json!({ "did": caller.principal.did(), "permissions": permissions }))
}

async fn anyone(caller: Option<Caller>) -> Json<bool> {
    Json(caller.is_some())
}
