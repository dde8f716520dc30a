//! A served relay and the people on it.

use accounts::{Vault, VaultConfig};
use cache::{Cache, MemoryConfig};
use futures::future::BoxFuture;
use http::request::Parts;
use serde_json::{Value, json};
use server::{AuthError, Authenticator, Caller, Credential, RouteInfo, Shell, ShellConfig, Sites};
use std::sync::Arc;
use store::Store;
use sync::{Github, PushService, Sync, SyncParts, Voice};
use testkit::HttpClient;
use testkit::relay::log_in;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::socket::Socket;

/// Runs a test against a relay of its own on each engine.
pub(crate) async fn on_each_site<F, T>(test: F)
where
    F: Fn(Site) -> T + Copy,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&[&sync::SCHEMA], |store| async move { test(Site::start(store).await).await })
        .await;
}

/// One server; ended when dropped.
pub(crate) struct Site {
    /// Anybody.
    pub(crate) client: HttpClient,
    pub(crate) store: Store,
    /// What is served.
    pub(crate) routes: Vec<RouteInfo>,
    stop: CancellationToken,
}

impl Site {
    pub(crate) async fn start(store: Store) -> Self {
        Self::of(parts(store)).await
    }

    /// One that puts attachments into a bucket.
    pub(crate) async fn with_bucket(store: Store, bucket: blobs::Bucket) -> Self {
        Self::of(SyncParts { bucket: Some(bucket), ..parts(store) }).await
    }

    /// One that tells devices.
    pub(crate) async fn with_push(store: Store, push: PushService) -> Self {
        Self::of(SyncParts { push: Some(push), ..parts(store) }).await
    }

    /// Another one on the same database with the same cache is another instance.
    pub(crate) async fn with_cache(store: Store, cache: Cache) -> Self {
        Self::of(SyncParts { cache, ..parts(store) }).await
    }

    /// One made of these parts.
    pub(crate) async fn of(parts: SyncParts) -> Self {
        let store = parts.store.clone();
        let (nobody, sites) = (Arc::new(Nobody), Arc::new(Nobody));
        let apps = vec![Sync::new(parts).app()];
        let shell = Shell::new(ShellConfig::default(), nobody, sites, Vec::new(), apps).unwrap();
        let routes = shell.routes().to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = HttpClient::new(&format!("http://{}", listener.local_addr().unwrap()));
        let stop = CancellationToken::new();
        tokio::spawn(shell.serve(listener, stop.clone()));
        Self { client, store, routes, stop }
    }

    /// Somebody new.
    pub(crate) async fn person(&self) -> Person {
        Person::log_in(&self.client).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A server of which nothing is configured.
pub(crate) fn parts(store: Store) -> SyncParts {
    let webapp_url = Url::parse("https://app.example").unwrap();
    SyncParts {
        store,
        cache: Cache::memory(MemoryConfig::default()),
        vault: vault(),
        bucket: None,
        public_url: None,
        push: None,
        voice: Voice::default(),
        web: None,
        account_bytes: u64::MAX,
        github: Github { webapp_url, app: None, webhook: None },
    }
}

/// What seals the secrets of every site.
pub(crate) fn vault() -> Vault {
    let config = VaultConfig {
        // Nothing is written where the secret is given.
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    Vault::open(&config).unwrap()
}

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) http: HttpClient,
    pub(crate) token: String,
}

impl Person {
    async fn log_in(anybody: &HttpClient) -> Self {
        let token = log_in(anybody).await;
        Self { http: anybody.with_bearer(&token), token }
    }

    /// The same person at another instance.
    pub(crate) fn at(&self, site: &Site) -> Self {
        Self { http: site.client.with_bearer(&self.token), token: self.token.clone() }
    }

    pub(crate) async fn id(&self) -> String {
        self.http.get("/v1/account/profile").await.expect(200)["id"].as_str().unwrap().to_owned()
    }

    /// A session; its id.
    pub(crate) async fn session(&self, tag: &str) -> String {
        let body = json!({ "tag": tag, "metadata": "opaque" });
        let answer = self.http.post("/v1/sessions", &body).await.expect(200);
        answer["session"]["id"].as_str().unwrap().to_owned()
    }

    /// A machine.
    pub(crate) async fn machine(&self, id: &str) {
        self.http.post("/v1/machines", &json!({ "id": id, "metadata": "opaque" })).await.expect(200);
    }

    /// Adds messages, each with the content of its name; what the answer says.
    pub(crate) async fn post(&self, session: &str, names: &[&str]) -> Value {
        let messages: Vec<Value> =
            names.iter().map(|name| json!({ "localId": name, "content": name })).collect();
        let path = format!("/v3/sessions/{session}/messages");
        self.http.post(&path, &json!({ "messages": messages })).await.expect(200)
    }

    /// A socket that is told everything.
    pub(crate) async fn socket(&self) -> Socket {
        Socket::connect(self.http.base(), json!({ "token": self.token })).await.unwrap()
    }

    pub(crate) async fn session_socket(&self, session: &str) -> Socket {
        let auth = json!({ "token": self.token, "clientType": "session-scoped", "sessionId": session });
        Socket::connect(self.http.base(), auth).await.unwrap()
    }

    pub(crate) async fn machine_socket(&self, machine: &str) -> Socket {
        let auth = json!({ "token": self.token, "clientType": "machine-scoped", "machineId": machine });
        Socket::connect(self.http.base(), auth).await.unwrap()
    }
}

/// Knows nobody and is nowhere.
struct Nobody;

impl Authenticator for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async { Ok(None) })
    }
}

impl Sites for Nobody {
    fn has_origin(&self, _: &str) -> bool {
        false
    }

    fn has_host(&self, _: &str) -> bool {
        false
    }
}
