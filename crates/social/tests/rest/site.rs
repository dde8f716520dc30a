//! A served microblog and the people on it.

use std::sync::Arc;

use accounts::{Vault, VaultConfig};
use cache::{Cache, MemoryConfig};
use futures::future::BoxFuture;
use http::request::Parts;
use serde_json::{Value, json};
use server::{
    AuthError, Authenticator, Caller, Credential, PermissionSet, Principal, RouteInfo, Shell, ShellConfig,
    Sites,
};
use social::media::MediaStore;
use social::{Social, SocialApp, SocialAppParts, SocialConfig, SocialParts};
use store::Store;
use tempfile::TempDir;
use testkit::HttpClient;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Where the tests say that the server is.
pub(crate) const BASE: &str = "https://here.example";

/// What everybody has.
pub(crate) const PASSWORD: &str = "correct horse";

/// Runs a test against a microblog of its own on each engine.
pub(crate) async fn on_each_site<T: Future<Output = ()>>(test: impl Fn(Site) -> T + Copy) {
    on_each_site_of(|config| config, test).await;
}

/// The same with other settings.
pub(crate) async fn on_each_site_of<T: Future<Output = ()>>(
    configure: impl Fn(SocialConfig) -> SocialConfig + Copy,
    test: impl Fn(Site) -> T + Copy,
) {
    testkit::on_each_engine(&[&social::SCHEMA], |store| async move {
        let config = configure(SocialConfig::new(Url::parse(BASE).unwrap()));
        test(Site::start(store, config).await).await;
    })
    .await;
}

/// One server; ended when dropped.
pub(crate) struct Site {
    /// Anybody.
    pub(crate) client: HttpClient,
    pub(crate) social: Social,
    pub(crate) routes: Vec<RouteInfo>,
    pub(crate) pictures: TempDir,
    stop: CancellationToken,
}

impl Site {
    async fn start(store: Store, config: SocialConfig) -> Self {
        let pictures = tempfile::tempdir().unwrap();
        let social = Social::new(SocialParts {
            state: store.state,
            cache: Cache::memory(MemoryConfig::default()),
            vault: vault(),
            config,
        });
        let parts = SocialAppParts {
            social: social.clone(),
            media: MediaStore::Folder(pictures.path().to_owned()),
            resolver: None,
            site: Some(Arc::new(OneCookie)),
        };
        let apps = vec![SocialApp::open(parts).await.unwrap().app()];
        let shell =
            Shell::new(ShellConfig::default(), Arc::new(OneCookie), Arc::new(Nowhere), Vec::new(), apps)
                .unwrap();
        let routes = shell.routes().to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = HttpClient::new(&format!("http://{}", listener.local_addr().unwrap()));
        let stop = CancellationToken::new();
        tokio::spawn(shell.serve(listener, stop.clone()));
        Self { client, social, routes, pictures, stop }
    }

    /// Somebody new. Ten on one site: then the server asks them to wait.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let made = self.client.post("/social/auth/register", &registration(name)).await.expect(201);
        let token = made["token"].as_str().unwrap().to_owned();
        let id = made["user"]["id"].as_str().unwrap().to_owned();
        Person { http: self.client.with_bearer(&token), token, id }
    }

    /// Runs a statement.
    pub(crate) async fn sql(&self, sql: &'static str) -> u64 {
        self.social.state().write(move |conn| conn.execute(sql, &[])).await.unwrap()
    }

    /// A number that a statement finds.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let found = self.social.state().read(move |conn| conn.query_one(sql, &[], |row| row.int(0)));
        found.await.unwrap_or_else(|error: store::Error| panic!("{error}"))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What somebody of that name registers with.
pub(crate) fn registration(name: &str) -> Value {
    json!({ "username": name, "email": format!("{name}@mail.example"), "password": PASSWORD })
}

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) http: HttpClient,
    pub(crate) token: String,
    pub(crate) id: String,
}

impl Person {
    pub(crate) async fn does(&self, method: &str, path: &str) -> u16 {
        let request = self.http.request(method.parse().unwrap(), path);
        self.http.send(request).await.status
    }

    pub(crate) async fn sends(&self, method: &str, path: &str, body: &Value) -> testkit::Answer {
        self.http.send(self.http.request(method.parse().unwrap(), path).json(body)).await
    }

    /// The usernames of a list.
    pub(crate) async fn names(&self, path: &str) -> Vec<String> {
        let page = self.http.get(path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        items.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
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

/// Knows one browser, of somebody at another server.
struct OneCookie;

impl Authenticator for OneCookie {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        let is_there = parts.headers.get("cookie").is_some_and(|cookie| cookie == "browser=1");
        let is_there = is_there && accepts.contains(&Credential::Cookie);
        let principal = || Principal::BrowserSession {
            did: "did:plc:ann".into(),
            session_id: "1".into(),
            client_key: None,
        };
        let caller = is_there.then(|| Caller {
            principal: principal(),
            user_id: None,
            permissions: PermissionSet::default(),
        });
        Box::pin(async { Ok(caller) })
    }
}

struct Nowhere;

impl Sites for Nowhere {
    fn has_origin(&self, origin: &str) -> bool {
        origin == BASE
    }

    fn has_host(&self, _: &str) -> bool {
        false
    }
}
