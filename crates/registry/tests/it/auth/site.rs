//! The part of a registry that knows who somebody is, served, with accounts beside it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use accounts::clients::RateLimit;
use accounts::{Accounts, AccountsConfig, AccountsParts, Vault, VaultConfig};
use atproto::Did;
use cache::{Cache, MemoryConfig};
use events::EventLog;
use futures::future::BoxFuture;
use http::Method;
use identity::{Resolver, ResolverConfig};
use oci::{Actions, RepositoryName};
use outbound::{BackOff, Outbound, OutboundConfig, Policy as OutboundPolicy};
use registry::auth::{Auth, AuthConfig, AuthParts, Cause, LocalAccounts, Policy};
use registry::{Owners, Repository};
use reqwest::header::COOKIE;
use serde_json::Value;
use server::{App, Shell, ShellConfig};
use store::{Schema, Store};
use testkit::{Answer, HttpClient, Network};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::stand_in::StandIn;

/// The tables that it needs.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [&accounts::SCHEMAS[..], &[&events::SCHEMA], &registry::SCHEMAS].concat()
}

/// Runs a test on a site of its own for each engine and each cache.
pub(crate) async fn on_each_site<F, T>(test: F)
where
    F: Fn(Site) -> T + Copy,
    T: Future<Output = ()>,
{
    let valkey = std::env::var("TEST_VALKEY_URL").ok();
    if valkey.is_none() {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
    }
    let valkey = valkey.as_deref();
    for url in [None].into_iter().chain(valkey.map(Some)) {
        testkit::on_each_engine(&schemas(), |store| async move {
            let surroundings = Surroundings::stand_in().await;
            test(Site::start(&surroundings, &store, cache(url).await).await).await;
        })
        .await;
    }
}

/// An empty cache: in memory, or at this URL.
async fn cache(url: Option<&str>) -> Cache {
    match url {
        None => Cache::memory(MemoryConfig::default()),
        Some(url) => Cache::connect(url, &format!("{}:", uuid::Uuid::new_v4())).await.unwrap(),
    }
}

/// Where a site finds people.
#[derive(Clone)]
pub(crate) struct Surroundings {
    plc: String,
    handles: String,
    stand_in: Option<StandIn>,
}

impl Surroundings {
    pub(crate) async fn stand_in() -> Self {
        let stand_in = StandIn::start().await;
        Self { plc: stand_in.origin(), handles: stand_in.origin(), stand_in: Some(stand_in) }
    }

    pub(crate) fn network(network: &Network) -> Self {
        let (plc, handles) = (network.endpoints.plc.clone(), network.endpoints.pds[0].clone());
        Self { plc, handles, stand_in: None }
    }
}

/// One server; ended when dropped.
pub(crate) struct Site {
    pub(crate) auth: Auth,
    pub(crate) accounts: Accounts,
    pub(crate) http: HttpClient,
    pub(crate) origin: String,
    pub(crate) store: Store,
    pub(crate) cache: Cache,
    surroundings: Surroundings,
    resolver: Resolver,
    stop: CancellationToken,
}

impl Site {
    pub(crate) async fn start(surroundings: &Surroundings, store: &Store, cache: Cache) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let vault = Vault::open(&VaultConfig {
            data_dir: "/nonexistent".as_ref(),
            master_secret: Some("an example of a master secret of tests"),
            token_encryption_key: None,
        });
        let vault = vault.unwrap();
        let outbound = Outbound::new(OutboundConfig {
            policy: OutboundPolicy::development(),
            back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
            ..OutboundConfig::default()
        });
        let outbound = outbound.unwrap();
        let resolver = ResolverConfig {
            dev: true,
            test_handles: surroundings.handles.parse().ok(),
            ..ResolverConfig::new(surroundings.plc.parse().unwrap())
        };
        let resolver = Resolver::new(outbound.clone(), resolver);
        let accounts = Accounts::open(AccountsParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            events: EventLog::open(&store.state, None).0,
            vault: vault.clone(),
            config: AccountsConfig {
                public_url: origin.parse().unwrap(),
                base_path: String::new(),
                plc_url: surroundings.plc.parse().unwrap(),
                default_rate_limit: RateLimit { capacity: 1000, refill_rate: 1000.0 },
                environment: HashMap::new(),
            },
        });
        let accounts = accounts.await.unwrap();
        let auth = Auth::open(AuthParts {
            state: store.state.clone(),
            cache: cache.clone(),
            outbound,
            resolver: resolver.clone(),
            vault,
            policy: Arc::new(House),
            local: Some(Arc::new(House)),
            sign_in: Some(accounts.sign_in.clone()),
            config: AuthConfig {
                base_url: origin.clone(),
                service: "registry.test".into(),
                token_life: Duration::from_mins(5),
            },
        });
        let auth = auth.await.unwrap();
        let app = App { mounts: auth.mounts(), tasks: vec![auth.task()], ..App::new("registry") };
        let shell = Shell::new(
            ShellConfig::default(),
            Arc::new(accounts.clone()),
            Arc::new(accounts.domains.clone()),
            Vec::new(),
            vec![accounts.app(), app],
        );
        let stop = CancellationToken::new();
        tokio::spawn(shell.unwrap().serve(listener, stop.clone()));
        Self {
            auth,
            accounts,
            http: HttpClient::new(&origin),
            origin,
            store: store.clone(),
            cache,
            surroundings: surroundings.clone(),
            resolver,
            stop,
        }
    }

    /// Another instance on the same database and cache.
    pub(crate) async fn sibling(&self) -> Self {
        Self::start(&self.surroundings, &self.store, self.cache.clone()).await
    }

    pub(crate) fn pds(&self) -> &StandIn {
        self.surroundings.stand_in.as_ref().unwrap()
    }

    /// The repository of this name.
    pub(crate) async fn repository(&self, name: &str) -> Repository {
        Owners::new(self.resolver.clone()).find(&RepositoryName::parse(name).unwrap()).await.unwrap()
    }

    /// `GET /auth/token` for a name and a secret, or for nobody.
    pub(crate) async fn token(&self, login: Option<(&str, &str)>, query: &[(&str, &str)]) -> Answer {
        let mut request = self.http.request(Method::GET, "/auth/token").query(query);
        if let Some((name, secret)) = login {
            request = request.basic_auth(name, Some(secret));
        }
        self.http.send(request).await
    }

    /// `POST /auth/token`.
    pub(crate) async fn token_by_form(&self, form: &[(&str, &str)]) -> Answer {
        self.http.send(self.http.request(Method::POST, "/auth/token").form(form)).await
    }

    /// Somebody's browser, on a page of this server.
    pub(crate) async fn browser(&self, did: &str) -> HttpClient {
        let started = self.accounts.browser_sessions.start(&Did::parse(did).unwrap(), None).await.unwrap();
        let cookie = started.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        self.http.with_header(COOKIE.as_str(), &cookie).with_header("origin", &self.origin)
    }

    /// Asks to let a device in: the device code and the user code.
    pub(crate) async fn ask(&self, name: &str) -> (String, String) {
        let answer = self.http.post("/auth/device/code", &serde_json::json!({ "device_name": name })).await;
        let answer = answer.expect(200);
        (text(&answer, "device_code"), text(&answer, "user_code"))
    }

    /// A device of somebody: its secret and its id.
    pub(crate) async fn device(&self, did: &str, name: &str) -> (String, String) {
        let (device_code, user_code) = self.ask(name).await;
        let body = serde_json::json!({ "user_code": user_code, "approve": true });
        self.browser(did).await.post("/device/approve", &body).await.expect(200);
        let answer = self.poll(&device_code).await.expect(200);
        (text(&answer, "device_secret"), text(&answer, "device_id"))
    }

    /// Asks whether somebody has decided.
    pub(crate) async fn poll(&self, device_code: &str) -> Answer {
        self.http.post("/auth/device/token", &serde_json::json!({ "device_code": device_code })).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}")).to_owned()
}

/// The DID and the password of `local.test`, who lives here.
pub(crate) const LOCAL: &str = "did:plc:llllllllllllllllllllllll";
pub(crate) const LOCAL_PASSWORD: &str = "correct horse";

/// Everybody pulls what is not called `private`, owners do as they like; and it says more than it should: that everybody may
/// push to what is called `open`.
struct House;

impl Policy for House {
    fn allowed<'a>(
        &'a self,
        subject: Option<&'a Did>,
        repository: &'a Repository,
    ) -> BoxFuture<'a, Result<Actions, Cause>> {
        Box::pin(async move {
            match &*repository.name {
                "broken" => Err("the hold is on fire".into()),
                "open" => Ok(Actions::EVERYTHING),
                _ if subject == Some(&repository.owner) => {
                    Ok(Actions::PULL | Actions::PUSH | Actions::DELETE)
                }
                "private" => Ok(Actions::NONE),
                _ => Ok(Actions::PULL),
            }
        })
    }
}

impl LocalAccounts for House {
    fn check<'a>(
        &'a self,
        name: &'a str,
        password: &'a str,
    ) -> BoxFuture<'a, Result<Option<(Did, String)>, Cause>> {
        Box::pin(async move {
            let is_theirs = (name == "local.test" || name == LOCAL) && password == LOCAL_PASSWORD;
            Ok(is_theirs.then(|| (Did::parse(LOCAL).unwrap(), "1".to_owned())))
        })
    }

    fn version<'a>(&'a self, _: &'a Did) -> BoxFuture<'a, Result<Option<String>, Cause>> {
        Box::pin(async move { Ok(Some("1".to_owned())) })
    }

    fn has(&self, did: &Did) -> bool {
        did.as_str() == LOCAL
    }
}
