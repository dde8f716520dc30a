//! A server with a service identity, reached over a socket.

use std::{collections::HashMap, sync::Arc, time::Duration};

use accounts::{
    Accounts, AccountsConfig, AccountsParts, Actor, Service, Vault, VaultConfig,
    clients::RateLimit,
    permissions::SETTINGS_MANAGE,
    service::{Choice, Fragment, Mode},
};
use cache::{Cache, MemoryConfig};
use identity::{Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use server::{Access, Caller, Credential, Json, Mount, Route, Shell, ShellConfig, standard_errors};
use store::Store;
use testkit::{HttpClient, Network};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::support::Log;

/// A directory that nobody asks, because nobody here has a `did:plc`.
const NO_DIRECTORY: &str = "http://127.0.0.1:1";

/// What several instances of one server share.
#[derive(Clone)]
pub(crate) struct Shared {
    store: Store,
    cache: Cache,
    plc_url: Url,
    refresh_floor: Duration,
    public_url: Option<String>,
    handles: Option<Url>,
    host: &'static str,
}

impl Shared {
    pub(crate) fn new(store: &Store) -> Self {
        Self {
            store: store.clone(),
            cache: Cache::memory(MemoryConfig::default()),
            plc_url: NO_DIRECTORY.parse().unwrap(),
            refresh_floor: Duration::ZERO,
            public_url: None,
            handles: None,
            host: "localhost",
        }
    }

    /// With what is short-lived in this cache.
    pub(crate) fn cache(self, cache: Cache) -> Self {
        Self { cache, ..self }
    }

    /// With the public address of another instance.
    pub(crate) fn public_url(self, origin: &str) -> Self {
        Self { public_url: Some(origin.to_owned()), ..self }
    }

    /// Where accounts are those of a network.
    pub(crate) fn network(self, network: &Network) -> Self {
        let url = |text: &str| text.parse().unwrap();
        let handles = Some(url(&network.endpoints.pds[0]));
        Self { plc_url: url(&network.endpoints.plc), handles, ..self }
    }

    /// Where this server knows the `.test` handles.
    pub(crate) fn handles(self, url: Url) -> Self {
        Self { handles: Some(url), ..self }
    }

    /// At an address instead of a name, as authorization servers want it on loopback.
    pub(crate) fn at_address(self) -> Self {
        Self { host: "127.0.0.1", ..self }
    }

    /// With documents that are not fetched anew before they have this age.
    pub(crate) fn refresh_floor(self, refresh_floor: Duration) -> Self {
        Self { refresh_floor, ..self }
    }
}

/// One instance. Ends when dropped.
pub(crate) struct Site {
    pub(crate) service: Service,
    pub(crate) accounts: Accounts,
    pub(crate) log: Log,
    /// Its only domain at first, `http://localhost:PORT`: its own address unless it shares another's.
    pub(crate) origin: String,
    /// Asks as somebody who may manage settings.
    pub(crate) admin: HttpClient,
    /// Asks as nobody.
    pub(crate) anyone: HttpClient,
    _stop: DropGuard,
}

impl Site {
    /// An instance without an identity.
    pub(crate) async fn start(store: &Store) -> Self {
        Self::instance(&Shared::new(store)).await
    }

    /// A server that is a `did:web`, with an entry `#demo` that admits all methods.
    pub(crate) async fn exposed(store: &Store) -> Self {
        let site = Self::start(store).await;
        site.expose().await;
        site
    }

    pub(crate) async fn expose(&self) {
        let choice = Choice::new(Mode::DidWeb, None).unwrap();
        self.service.choose(choice, None).await.unwrap();
        let fragment = Fragment::service("#demo").unwrap();
        self.service.add_entry(fragment, "DemoService", None).await.unwrap();
    }

    /// One of several instances.
    pub(crate) async fn instance(shared: &Shared) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}:{}", shared.host, listener.local_addr().unwrap().port());
        let origin = shared.public_url.clone().unwrap_or_else(|| address.clone());
        let (accounts, log) = assemble(shared, &origin).await;
        let shell = shell(&accounts);
        let stop = CancellationToken::new();
        tokio::spawn(shell.serve(listener, stop.clone()));
        let permissions = [SETTINGS_MANAGE.name()];
        let key = accounts.keys.create(&Actor::LocalOperator, "test", &permissions);
        let anyone = HttpClient::new(&address);
        Self {
            admin: anyone.with_bearer(&key.await.unwrap().key),
            anyone,
            service: accounts.service.clone(),
            accounts,
            log,
            origin,
            _stop: stop.drop_guard(),
        }
    }

    /// The DID of a server that is a `did:web`.
    pub(crate) fn did(&self) -> String {
        self.origin.replace("http://localhost:", "did:web:localhost%3A")
    }

    /// Its service `#demo`.
    pub(crate) fn audience(&self) -> String {
        format!("{}#demo", self.did())
    }

    /// Status and `error` (or `issuer`) of a call with a token.
    pub(crate) async fn call(&self, method: &str, token: &str) -> (u16, String) {
        self.get(&format!("/xrpc/{method}"), token).await
    }

    /// The same for any path.
    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, String) {
        let answer = self.anyone.with_bearer(token).get(path).await;
        let body = answer.json();
        let text = body["error"].as_str().or(body["issuer"].as_str()).unwrap_or_default();
        (answer.status, text.to_owned())
    }
}

async fn assemble(shared: &Shared, origin: &str) -> (Accounts, Log) {
    let Shared { store, cache, plc_url, refresh_floor, handles, .. } = shared.clone();
    let outbound = OutboundConfig {
        policy: Policy::development(),
        // A test that breaks a host does not want to wait for it afterwards.
        back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
        ..OutboundConfig::default()
    };
    let outbound = Outbound::new(outbound).unwrap();
    let config = ResolverConfig {
        dev: true,
        refresh_floor,
        failure_ttl: Duration::ZERO,
        test_handles: handles,
        ..ResolverConfig::new(plc_url.clone())
    };
    let resolver = Resolver::new(outbound.clone(), config);
    let log = Log::open(&store);
    let vault = VaultConfig {
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    let vault = Vault::open(&vault).unwrap();
    let accounts = Accounts::open(AccountsParts {
        state: store.state,
        cache,
        resolver,
        outbound,
        events: log.events.clone(),
        vault,
        config: AccountsConfig {
            public_url: origin.parse().unwrap(),
            base_path: String::new(),
            plc_url,
            default_rate_limit: RateLimit { capacity: 100, refill_rate: 2.0 },
            environment: HashMap::new(),
        },
    });
    let accounts = accounts.await.unwrap();
    (accounts, log)
}

fn shell(accounts: &Accounts) -> Shell {
    const CREDENTIALS: &[Credential] = &[Credential::ApiKey, Credential::ServiceJwt, Credential::Cookie];
    let mount = |prefix| Mount { credentials: CREDENTIALS, ..Mount::new(prefix, standard_errors) };
    let xrpc = Route::get("/xrpc/{method}", Access::Delegated, "", who);
    let private = Route::get("/private", Access::Authenticated, "", who);
    let mut app = accounts.app();
    app.mounts.extend([mount("/xrpc").routes(&(), [xrpc]), mount("/private").routes(&(), [private])]);
    let sites = Arc::new(accounts.domains.clone());
    Shell::new(ShellConfig::default(), Arc::new(accounts.clone()), sites, Vec::new(), vec![app]).unwrap()
}

async fn who(caller: Option<Caller>) -> Json<Value> {
    Json(json!({ "issuer": caller.and_then(|caller| caller.principal.did().map(str::to_owned)) }))
}
