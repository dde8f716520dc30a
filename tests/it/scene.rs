//! Where a scenario plays: a network, a database, a data folder, and the program with the sample app.

use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::Value;
use store::{Schema, Store};
use tempfile::TempDir;
use testkit::network::Account;
use testkit::sim::Sim;
use testkit::{Belvedere, BelvedereOptions, HttpClient, Network, NetworkOptions, TestDatabase};

use crate::chance::Chance;
use crate::samples::{COLLECTIONS, GET_POST, POST, file, post};
use crate::wait::{PATIENCE, until};

/// What seals the secrets in a database: the same for all servers on it.
const MASTER_SECRET: &str = "the master secret of the end-to-end tests";

/// Everything a scenario is made of, except the server, which comes and goes.
pub(crate) struct Scene {
    pub(crate) network: Arc<Network>,
    pub(crate) chance: Chance,
    pub(crate) place: Place,
}

/// What a server keeps while it does not run.
pub(crate) struct Place {
    pub(crate) options: BelvedereOptions,
    pub(crate) database: Arc<TestDatabase>,
    key: String,
    /// `None` where the databases are in the data folder, as they are by default.
    _data_dir: Option<TempDir>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scene {
    /// A network with nobody on it; `None`, with a loud word, if there can be no network here.
    pub(crate) async fn set(database: TestDatabase) -> Option<Self> {
        Self::with(database, NetworkOptions::default()).await
    }

    /// The same with another network.
    pub(crate) async fn with(database: TestDatabase, options: NetworkOptions) -> Option<Self> {
        if !Network::is_installed() {
            return None;
        }
        let chance = Chance::new();
        let options = NetworkOptions { seed: chance.seed().to_string(), ..options };
        let network = Arc::new(Network::start(options).await);
        let place = Place::new(&network, Arc::new(database));
        Some(Self { network, chance, place })
    }

    /// Starts a server with the sample app loaded, and waits until the stream has brought it a first record: from here
    /// on it has a cursor, so nothing may be missed.
    pub(crate) async fn start_with_samples(&self, place: &Place) -> Belvedere {
        let [server] = self.start_all_with_samples([place]).await;
        server
    }

    /// The same with several servers that see the same records. Nothing may have been written yet.
    pub(crate) async fn start_all_with_samples<const N: usize>(&self, places: [&Place; N]) -> [Belvedere; N] {
        let mut servers = Vec::new();
        for place in places {
            place.add_samples();
            servers.push(place.start().await);
        }
        until("the subscriptions of all", PATIENCE, async || {
            (self.subscribers(POST).await == N).then_some(())
        })
        .await;
        self.network.create_accounts(1).await;
        for server in &servers {
            self.caught_up(server).await;
        }
        servers.try_into().unwrap_or_else(|_| unreachable!("one for each place"))
    }

    /// How many ask the stream for a collection.
    pub(crate) async fn subscribers(&self, collection: &str) -> usize {
        let status = self.network.jetstream_status().await;
        status.wanted.iter().flatten().filter(|wanted| *wanted == collection).count()
    }

    /// Waits until the server has applied everything that has happened in the network: its stream is in order, so a
    /// record written now is served after everything before it.
    pub(crate) async fn caught_up(&self, server: &Belvedere) {
        let author = self.active_accounts().await.remove(0);
        let marker = self.network.create_record(&author.did, POST, None, &post("up to here")).await;
        self.network.settle().await;
        until("the newest record is served", PATIENCE, async || {
            let answer = server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", &marker.uri)]).await;
            (answer.status == 200).then_some(())
        })
        .await;
    }

    /// The accounts whose repositories are served.
    pub(crate) async fn active_accounts(&self) -> Vec<Account> {
        self.network.accounts().await.into_iter().filter(|account| account.active).collect()
    }
}

impl Place {
    /// A new one in the network, with a key for the admin API.
    pub(crate) fn new(network: &Network, database: Arc<TestDatabase>) -> Self {
        Self::with(network, database, &[])
    }

    /// The same with more settings, by their variables.
    pub(crate) fn with(network: &Network, database: Arc<TestDatabase>, settings: &[(&str, &str)]) -> Self {
        Self::made(|options| options.in_network(network), database, settings)
    }

    /// A new one in the simulated network, with more settings, by their variables.
    pub(crate) fn in_sim(sim: &Sim, database: Arc<TestDatabase>, settings: &[(&str, &str)]) -> Self {
        Self::made(|options| options.in_sim(sim), database, settings)
    }

    fn made(
        within: impl Fn(BelvedereOptions) -> BelvedereOptions,
        database: Arc<TestDatabase>,
        settings: &[(&str, &str)],
    ) -> Self {
        let (options, data_dir) = match database.dir() {
            Some(dir) => (BelvedereOptions::new(dir), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (BelvedereOptions::new(dir.path()).with("DATABASE_URL", &database.url()), Some(dir))
            }
        };
        let options = within(options).with("MASTER_SECRET", MASTER_SECRET);
        // What is not here yet is not asked for, so that its being here tells how far the stream is.
        let options = options.with("READ_THROUGH", "off");
        let options = settings.iter().fold(options, |options, (name, value)| options.with(name, value));
        let place = Self { options, database, key: String::new(), _data_dir: data_dir };
        let key = place.json(&["key", "create", "--name", "e2e"])["key"].as_str().unwrap().to_owned();
        Self { key, ..place }
    }

    /// Starts the server.
    pub(crate) async fn start(&self) -> Belvedere {
        Belvedere::start(&self.options).await
    }

    /// Loads the sample app.
    pub(crate) fn add_samples(&self) {
        let file = |nsid| file(nsid).to_str().unwrap().to_owned();
        let mut records = vec!["lexicon".to_owned(), "add".to_owned(), file(GET_POST)];
        records.extend(COLLECTIONS.map(|(collection, _)| file(collection)));
        self.json(&records.iter().map(String::as_str).collect::<Vec<_>>());
        for (collection, query) in COLLECTIONS {
            self.json(&["lexicon", "add", &file(query), "--target-collection", collection]);
        }
    }

    /// Runs a command of the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.options.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The same; `input` comes on its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut command = self.options.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = running.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// What a command that must succeed prints as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let outcome = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome:?}");
        serde_json::from_str(&outcome.stdout).unwrap()
    }

    /// The server's admin API.
    pub(crate) fn admin(&self, server: &Belvedere) -> HttpClient {
        server.client.with_bearer(&self.key)
    }

    /// Waits until all indexes that queries ask for are built.
    pub(crate) async fn indexed(&self, server: &Belvedere) {
        until("all indexes are built", PATIENCE, async || {
            let listed = self.admin(server).get("/admin/indexes").await.expect(200);
            let indexes = listed.as_array().unwrap();
            let is_ready = |index: &Value| index["state"] == "ready";
            (!indexes.is_empty() && indexes.iter().all(is_ready)).then_some(())
        })
        .await;
    }

    /// The databases themselves. Opened late and let go early: a second process would soften what a crash leaves.
    pub(crate) async fn store(&self) -> Store {
        self.database.open(&schemas()).await
    }
}

/// The tables of every app, as the program has them.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat()
}
