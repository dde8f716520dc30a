//! A server of the microblog, somebody on it, and those who follow them from elsewhere.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};
use store::{Conn, Store};
use tempfile::TempDir;
use testkit::fediverse::{self, AFTER_A_LEASE, Inboxes, UnderWay};
use testkit::{Belvedere, BelvedereOptions, HttpClient, TestDatabase};

use crate::scene::schemas;
use crate::wait::until;

/// A server, and when it was started.
pub(super) struct Running {
    pub(super) server: Belvedere,
    since: i64,
}

/// What a server keeps while it does not run, and its person.
pub(super) struct Home {
    options: BelvedereOptions,
    database: Arc<TestDatabase>,
    pub(super) uuid: String,
    token: String,
    /// What they sign with, in PEM.
    pub(super) public_key: String,
    _data_dir: Option<TempDir>,
}

impl Home {
    /// Somebody whom so many follow, some of each host.
    pub(super) async fn followed(
        database: TestDatabase,
        settings: &[(&str, &str)],
        inboxes: &Inboxes,
        (followers, shared): (usize, bool),
    ) -> Self {
        let mut home = Self::made(Arc::new(database), settings, None);
        let server = home.start().await.server;
        let account =
            json!({ "username": "alice", "email": "alice@example.com", "password": "the password of alice" });
        let made = server.client.post("/social/auth/register", &account).await.expect(201);
        home.uuid = text(&made["user"]["id"]);
        home.token = text(&made["token"]);
        let request = server.client.request("GET".parse().unwrap(), &format!("/users/{}", home.uuid));
        let actor = server.client.send(request.header("accept", "application/activity+json")).await;
        home.public_key = text(&actor.expect(200)["publicKey"]["publicKeyPem"]);
        server.kill();
        fediverse::fill(&home.store().await, inboxes, followers, shared, &home.uuid).await;
        home
    }

    /// Another server on the same database, behind the same address.
    pub(super) fn beside(&self, settings: &[(&str, &str)]) -> Self {
        let other = Self::made(Arc::clone(&self.database), settings, self.options.port);
        Self {
            uuid: self.uuid.clone(),
            token: self.token.clone(),
            public_key: self.public_key.clone(),
            options: BelvedereOptions { port: None, ..other.options },
            ..other
        }
    }

    fn made(database: Arc<TestDatabase>, settings: &[(&str, &str)], port: Option<u16>) -> Self {
        let (options, data_dir) = match database.dir() {
            Some(dir) => (BelvedereOptions::new(dir), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (BelvedereOptions::new(dir.path()).with("DATABASE_URL", &database.url()), Some(dir))
            }
        };
        let options = match port {
            Some(port) => BelvedereOptions { port: Some(port), ..options },
            None => options.at_a_port(),
        };
        let site = format!("http://127.0.0.1:{}", options.port.unwrap_or_default());
        let options = options
            .with("APPS", "social")
            .with("BELVEDERE_DEV", "true")
            .with("PUBLIC_URL", &site)
            .with("MASTER_SECRET", "the master secret of these tests");
        let options = settings.iter().fold(options, |options, (name, value)| options.with(name, value));
        let (uuid, token, public_key) = Default::default();
        Self { options, database, uuid, token, public_key, _data_dir: data_dir }
    }

    pub(super) async fn start(&self) -> Running {
        let since = now();
        Running { server: Belvedere::start(&self.options).await, since }
    }

    /// The database itself, of a server that does not run.
    pub(super) async fn store(&self) -> Store {
        self.database.open(&schemas()).await
    }

    fn client(&self, server: &Belvedere) -> HttpClient {
        server.client.with_bearer(&self.token).with_host_of(self.site())
    }

    fn site(&self) -> &str {
        let named = self.options.environment.iter().find(|(name, _)| name == "PUBLIC_URL");
        named.map_or("", |(_, site)| site)
    }

    /// Writes something for everybody. Its id here, and its address.
    pub(super) async fn write(&self, server: &Belvedere, content: &str) -> (String, String) {
        let client = self.client(server);
        let made = client.post("/social/thoughts", &json!({ "content": content })).await.expect(201);
        let id = text(&made["id"]);
        let address = format!("{}/thoughts/{id}", self.site());
        (id, address)
    }

    /// Changes it.
    pub(super) async fn edit(&self, server: &Belvedere, id: &str, content: &str) {
        let path = format!("/social/thoughts/{id}");
        assert_eq!(self.client(server).patch(&path, &json!({ "content": content })).await.status, 204);
    }

    /// Ends a server as a power cut would, and says what it was at, by inbox and activity.
    pub(super) async fn kill(&self, running: Running) -> UnderWay {
        running.server.kill();
        fediverse::under_way(&self.store().await, running.since).await
    }

    /// Waits until nothing is on its way any more, also what arrived without the server having lived to know; says how many deliveries
    /// were made.
    pub(super) async fn until_told(&self) -> usize {
        let store = self.store().await;
        until("nothing is on its way", AFTER_A_LEASE, async || {
            (fediverse::left(&store).await == 0).then_some(())
        })
        .await;
        count(&store, "SELECT count(*) FROM social_deliveries WHERE state = 'delivered'").await
    }
}

/// A number that a statement finds.
pub(super) async fn count(store: &Store, count: &'static str) -> usize {
    let find = move |conn: &mut Conn<'_>| conn.query_one(count, &[], |row| row.int(0));
    let found: Result<i64, store::Error> = store.state.read(find).await;
    usize::try_from(found.unwrap()).unwrap()
}

/// Now, in microseconds.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
