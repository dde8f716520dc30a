//! A served microblog, and what people on it do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use accounts::{Vault, VaultConfig};
use cache::{Cache, MemoryConfig};
use federation::{Federation, FederationConfig, FederationParts};
use http::request::Parts;
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use server::{
    App, AuthError, Authenticator, Caller, Credential, Hosts, Mount, Shell, ShellConfig, Sites,
    standard_errors,
};
use social::relations;
use social::thoughts::{self, NewContent, NewThought};
use social::users::{self, Keys, NewUser, User};
use social::{Id, SCHEMA, Social, SocialConfig, SocialParts, Visibility};
use store::{Conn, Store, v};
use testkit::TestDatabase;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// One server; ended when dropped.
pub(crate) struct Site {
    pub(crate) base: String,
    pub(crate) social: Social,
    pub(crate) http: reqwest::Client,
    stop: CancellationToken,
    /// Gone with the server, if it is its own.
    database: Option<TestDatabase>,
}

/// How fast time passes between attempts.
pub(crate) fn fast() -> FederationConfig {
    FederationConfig {
        time_scale: 1_000,
        inbox_per_minute: 0,
        per_host_rate: 100.0,
        ..FederationConfig::default()
    }
}

impl Site {
    /// One with a database of its own.
    pub(crate) async fn alone(config: FederationConfig) -> Self {
        let database = TestDatabase::sqlite();
        let store = database.open(&[&SCHEMA]).await;
        let mut site = Self::start(&store, config).await;
        site.database = Some(database);
        site
    }

    /// One with a database of its own, which differs with the form of signature that others use first.
    pub(crate) async fn with(form: &str, config: FederationConfig) -> Self {
        let other = if form == "draft" { None } else { TestDatabase::postgres().await };
        let database = other.unwrap_or_else(TestDatabase::sqlite);
        let store = database.open(&[&SCHEMA]).await;
        let mut site = Self::start(&store, config).await;
        site.database = Some(database);
        site
    }

    pub(crate) async fn start(store: &Store, config: FederationConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        Self::at(listener, &base, store, config, Policy::development(), None).await
    }

    /// One that may ask what `policy` allows, where it finds it by `dns`.
    pub(crate) async fn at(
        listener: TcpListener,
        base: &str,
        store: &Store,
        config: FederationConfig,
        policy: Policy,
        dns: Option<SocketAddr>,
    ) -> Self {
        let social = Social::new(SocialParts {
            state: store.state.clone(),
            cache: Cache::memory(MemoryConfig::default()),
            vault: vault(),
            config: SocialConfig::new(Url::parse(base).unwrap()),
        });
        let back_off = BackOff { first: Duration::from_millis(1), longest: Duration::from_millis(20) };
        let outbound = OutboundConfig {
            policy,
            dns,
            back_off,
            per_host: 8,
            timeout: Duration::from_secs(5),
            ..OutboundConfig::default()
        };
        let outbound = tokio::task::spawn_blocking(|| Outbound::new(outbound).unwrap()).await.unwrap();
        let federation =
            Federation::new(FederationParts { social: social.clone(), outbound, config }).unwrap();
        let root = App {
            mounts: vec![Mount { hosts: Hosts::Any, ..Mount::new("/", standard_errors) }],
            ..App::new("root")
        };
        let apps = vec![root, federation.app()];
        let (nobody, sites) = (Arc::new(Nobody), Arc::new(Nobody));
        let shell = Shell::new(ShellConfig::default(), nobody, sites, Vec::new(), apps).unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(shell.serve(listener, stop.clone()));
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base: base.to_owned(), social, http, stop, database: None }
    }

    pub(crate) fn authority(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Conn<'_>, i64) -> Result<T, social::Error> + Send + 'static,
    ) -> T {
        self.social.change(move |conn| change(conn, clock::now_micros())).await.unwrap()
    }

    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        ask: impl Fn(&mut Conn<'_>) -> Result<T, social::Error> + Send + 'static,
    ) -> T {
        self.social.ask(ask).await.unwrap()
    }

    /// Asks until the answer is the one that is waited for.
    pub(crate) async fn until<T: Send + 'static>(
        &self,
        what: &str,
        ask: impl Fn(&mut Conn<'_>) -> Result<Option<T>, social::Error> + Send + Clone + 'static,
    ) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = self.ask(ask.clone()).await {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited for: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a statement that counts says so many.
    pub(crate) async fn until_count(&self, count: &'static str, expected: i64) {
        let what = format!("{expected} of {count}");
        self.until(&what, move |conn| {
            let found = conn.query_one(count, &[], |row| row.int(0))?;
            Ok((found == expected).then_some(()))
        })
        .await;
    }

    pub(crate) async fn count(&self, count: &'static str) -> i64 {
        self.ask(move |conn| Ok(conn.query_one(count, &[], |row| row.int(0))?)).await
    }

    /// Waits until nothing is on its way.
    pub(crate) async fn until_told(&self) {
        self.until_count("SELECT (SELECT count(*) FROM social_events) + (SELECT count(*) FROM social_deliveries WHERE state = 'queued')", 0).await;
    }

    /// Somebody new here.
    pub(crate) async fn person(&self, name: &str, approves_follows: bool) -> User {
        let (uuid, vault, username) = (Uuid::new_v4(), vault(), name.to_owned());
        let keys = tokio::task::spawn_blocking(move || Keys::generate(&vault, &uuid).unwrap()).await.unwrap();
        let new =
            NewUser { username, email: None, password_hash: None, did: None, approves_follows, keys, uuid };
        self.change(move |conn, now| {
            let id = users::create(conn, now, &new)?;
            Ok(users::by_id(conn, id)?.unwrap())
        })
        .await
    }

    /// Somebody elsewhere, looked up as people do.
    pub(crate) async fn find(&self, name: &str) -> User {
        let id = self.social.elsewhere().unwrap().person(name).await.unwrap();
        self.ask(move |conn| Ok(users::by_id(conn, id)?.unwrap())).await
    }

    pub(crate) async fn follow(&self, follower: &User, followed: &User) {
        let (follower, followed, addresses) =
            (follower.clone(), followed.clone(), self.social.addresses().clone());
        self.change(move |conn, now| relations::follow(conn, now, &addresses, &follower, &followed, None))
            .await;
    }

    /// Whether somebody follows somebody, and whether that counts.
    pub(crate) async fn until_follows(&self, follower: Id, followed: Id, state: Option<&'static str>) {
        let what = format!("a follow that is {state:?}");
        self.until(&what, move |conn| {
            let find = "SELECT state FROM social_follows WHERE follower = $1 AND followed = $2";
            let found = conn.query_opt(find, &[v(follower), v(followed)], |row| row.string(0))?;
            Ok((found.as_deref() == state).then_some(()))
        })
        .await;
    }

    pub(crate) async fn write(
        &self,
        author: &User,
        text: &str,
        visibility: Visibility,
        parent: Option<Id>,
    ) -> (Id, String) {
        let (author, addresses) = (author.clone(), self.social.addresses().clone());
        let content = NewContent { content: text.to_owned(), ..NewContent::default() };
        let new = NewThought {
            content,
            in_reply_to: parent,
            visibility: Some(visibility),
            attachments: Vec::new(),
        };
        let created =
            self.change(move |conn, now| thoughts::create(conn, now, &addresses, &author, &new)).await;
        (created.id, self.social.addresses().thought(&created.uuid))
    }

    /// The thought at an address, once it is here: id, visibility, content.
    pub(crate) async fn until_here(&self, address: &str) -> (Id, String, String) {
        let (what, address) = (format!("{address} to be here"), address.to_owned());
        self.until(&what, move |conn| {
            let find = "SELECT id, visibility, content FROM social_thoughts WHERE ap_id = $1";
            conn.query_opt(find, &[v(&address)], |row| {
                Ok::<_, social::Error>((Id(row.int(0)?), row.string(1)?, row.string(2)?))
            })
        })
        .await
    }

    pub(crate) async fn get(&self, url: &str, accept: &str) -> reqwest::Response {
        self.http.get(url).header("accept", accept).send().await.unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.database.take());
        self.stop.cancel();
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

/// Has no accounts and no names.
struct Nobody;

impl Authenticator for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
        _: &'a [Credential],
    ) -> futures::future::BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(std::future::ready(Ok(None)))
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
