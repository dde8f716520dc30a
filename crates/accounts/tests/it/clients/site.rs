//! A server with accounts, the routes of API clients, and a few of its own that say who is calling.

use std::{collections::HashMap, sync::Arc};

use accounts::{
    Accounts, AccountsConfig, AccountsParts, Clients, Vault, VaultConfig,
    clients::{ClientIdentity, NewClient, NewClientCredentials, RateLimit},
    permissions::LEXICONS_READ,
};
use axum::extract::State;
use cache::{Cache, MemoryConfig};
use http::request::Parts;
use identity::{Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use server::{
    Access, Caller, Credential, Extension, Json, Mount, Principal, Problem, Route, RouteInfo, Shell,
    ShellConfig, standard_errors,
};
use store::{Database, Store, v};
use testkit::HttpClient;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{Log, on_each_engine};

/// `/xrpc` takes what spec/appview.md §3.2 says.
const XRPC: &[Credential] = &[Credential::Dpop, Credential::ServiceJwt, Credential::Cookie];

/// A database that nothing listens at the directory of.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:1";

/// What instances share.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) store: Store,
    pub(crate) cache: Cache,
    pub(crate) plc: String,
}

pub(crate) struct Site {
    pub(crate) accounts: Accounts,
    pub(crate) state: Database,
    pub(crate) cache: Cache,
    pub(crate) origin: String,
    pub(crate) http: HttpClient,
    pub(crate) routes: Vec<RouteInfo>,
    log: Log,
    _stop: DropGuard,
}

/// Runs a test against a server on a fresh store of each engine.
pub(crate) async fn on_each_site<T: Future<Output = ()>>(test: impl Fn(Site) -> T) {
    on_each_engine(async |store| test(Site::start(&Ground::new(&store, NOWHERE)).await).await).await;
}

impl Ground {
    pub(crate) fn new(store: &Store, plc: &str) -> Self {
        let cache = Cache::memory(MemoryConfig::default());
        Self { store: store.clone(), cache, plc: plc.to_owned() }
    }
}

impl Site {
    pub(crate) async fn start(ground: &Ground) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self::serve(ground, listener, &origin).await
    }

    /// Another instance, behind the same address outside.
    pub(crate) async fn sibling(&self, ground: &Ground) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(ground, listener, &self.origin).await
    }

    async fn serve(ground: &Ground, listener: TcpListener, public_url: &str) -> Self {
        let (accounts, log) = open(ground, public_url).await;
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let shell = shell(&accounts);
        let routes = shell.routes().to_vec();
        tokio::spawn(shell.serve(listener, stop.clone()));
        Self {
            accounts,
            state: ground.store.state.clone(),
            cache: ground.cache.clone(),
            origin: public_url.to_owned(),
            http: HttpClient::new(&address),
            routes,
            log,
            _stop: stop.drop_guard(),
        }
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.accounts.clients
    }

    /// A client without anything special, `confidential` or `public`.
    pub(crate) async fn client(&self, name: &str, client_type: &str) -> NewClientCredentials {
        self.clients().create(None, new_client(name, client_type)).await.unwrap()
    }

    /// Changes rows behind the server's back.
    pub(crate) async fn sql(&self, sql: &'static str, params: &[&str]) -> u64 {
        let params: Vec<String> = params.iter().map(ToString::to_string).collect();
        let changed = self.state.write(move |conn| {
            let params: Vec<_> = params.iter().map(v).collect();
            conn.execute(sql, &params)
        });
        changed.await.unwrap()
    }

    /// A number of rows.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let counted =
            self.state.read(move |conn| conn.query_one::<_, store::Error>(sql, &[], |row| row.int(0)));
        counted.await.unwrap()
    }

    /// Type, actor, subject and detail of all that was recorded.
    pub(crate) async fn told(self) -> Vec<(String, Option<String>, String, Value)> {
        self.log.told().await
    }
}

pub(crate) fn new_client(name: &str, client_type: &str) -> NewClient {
    NewClient {
        name: name.to_owned(),
        client_id_url: format!("https://{name}.example.com/client.json"),
        client_uri: format!("https://{name}.example.com"),
        redirect_uris: vec![format!("https://{name}.example.com/callback")],
        scopes: Some("atproto transition:generic".to_owned()),
        client_type: Some(client_type.to_owned()),
        allowed_origins: None,
        rate_limit_capacity: None,
        rate_limit_refill_rate: None,
    }
}

async fn open(ground: &Ground, public_url: &str) -> (Accounts, Log) {
    let Ground { store, cache, plc } = ground;
    let vault = Vault::open(&VaultConfig {
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    });
    let moment = std::time::Duration::from_millis(1);
    let outbound = Outbound::new(OutboundConfig {
        policy: Policy::development(),
        back_off: BackOff { first: moment, longest: moment },
        ..OutboundConfig::default()
    });
    let outbound = outbound.unwrap();
    let plc_url: url::Url = plc.parse().unwrap();
    let resolver = ResolverConfig { dev: true, ..ResolverConfig::new(plc_url.clone()) };
    let log = Log::open(store);
    let parts = AccountsParts {
        state: store.state.clone(),
        cache: cache.clone(),
        resolver: Resolver::new(outbound.clone(), resolver),
        outbound,
        events: log.events.clone(),
        vault: vault.unwrap(),
        config: AccountsConfig {
            public_url: public_url.parse().unwrap(),
            base_path: String::new(),
            plc_url,
            default_rate_limit: RateLimit { capacity: 100, refill_rate: 2.0 },
            environment: HashMap::new(),
        },
    };
    (Accounts::open(parts).await.unwrap(), log)
}

fn shell(accounts: &Accounts) -> Shell {
    let mut app = accounts.app();
    let clients = &accounts.clients;
    let admin = Extension::new("/admin").routes(
        &(),
        [
            Route::get("/admin/who", Access::Authenticated, "", who),
            Route::get("/admin/lexicons", LEXICONS_READ, "", async || Json("in")),
        ],
    );
    app.extensions.push(admin);
    let mut xrpc = Mount { credentials: XRPC, ..Mount::new("/xrpc", standard_errors) }.routes(
        clients,
        [
            Route::get("/xrpc/test.example.who", Access::Delegated, "", who),
            Route::post("/xrpc/test.example.who", Access::Delegated, "", who),
            Route::get("/xrpc/test.example.identify", Access::Delegated, "", identify),
            Route::get("/xrpc/test.example.write", Access::Authenticated, "", may_write),
            Route::get("/xrpc/{nsid}", Access::Delegated, "", who),
        ],
    );
    xrpc.routes.extend(clients.xrpc_routes());
    let keys = Mount { credentials: &[Credential::ApiKey], ..Mount::new("/keys", standard_errors) }
        .routes(&(), [Route::get("/keys/who", Access::Delegated, "", who)]);
    app.mounts.extend([xrpc, keys]);
    let sites = Arc::new(accounts.domains.clone());
    Shell::new(ShellConfig::default(), Arc::new(accounts.clone()), sites, Vec::new(), vec![app]).unwrap()
}

async fn who(caller: Option<Caller>) -> Json<Value> {
    let Some(caller) = caller else { return Json(Value::Null) };
    let permissions: Vec<_> = caller.permissions.iter().map(server::Permission::name).collect();
    let (kind, client_key) = match &caller.principal {
        Principal::ApiKey { .. } => ("key", None),
        Principal::BrowserSession { client_key, .. } => ("browser", client_key.as_deref()),
        Principal::Dpop { client_key, .. } => ("dpop", Some(&**client_key)),
        Principal::Service { lxm, .. } => ("service", lxm.as_deref()),
        _ => ("other", None),
    };
    let did = caller.principal.did();
    Json(json!({ "kind": kind, "did": did, "client_key": client_key, "permissions": permissions }))
}

async fn identify(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    parts: Parts,
) -> Result<Json<Value>, Problem> {
    Ok(Json(match clients.identify(&parts, caller.as_ref()).await? {
        ClientIdentity::Client { client, limit, proven } => {
            json!({ "client": client.name, "capacity": limit.capacity, "rate": limit.refill_rate, "proven": proven })
        }
        ClientIdentity::Service(did) => json!({ "service": *did }),
        ClientIdentity::Dashboard(did) => json!({ "dashboard": *did }),
        ClientIdentity::Anonymous => json!("anonymous"),
    }))
}

/// Says as what the caller may write to the account that the query names.
async fn may_write(
    State(clients): State<Clients>,
    caller: Caller,
    server::Query(query): server::Query<HashMap<String, String>>,
) -> Result<Json<Value>, Problem> {
    let account = atproto::Did::parse(&query["account"]).unwrap();
    let role = clients.delegated_role(&caller.principal, &account).await?;
    let session = clients.delegated_session(&caller.principal, &account).await?;
    assert_eq!(session.did(), account);
    Ok(Json(json!(role.name())))
}
