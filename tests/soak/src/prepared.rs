//! Databases with everything that a scenario begins with, made once and copied for each run.

use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{BelvedereOptions, PostgresServer, TestDatabase};
use tokio::sync::OnceCell;

use crate::Kind;

/// What seals the secrets in a database.
const MASTER_SECRET: &str = "the master secret of the soak tests";

/// The collections that are indexed.
pub(crate) const COLLECTIONS: [&str; 2] = ["com.example.demo.note", "com.example.demo.reaction"];

/// A database that no server has seen yet, with lexicons and a key in it.
pub(crate) struct Prepared {
    database: TestDatabase,
    key: String,
}

/// Where a server keeps its data.
pub(crate) struct Place {
    pub(crate) options: BelvedereOptions,
    pub(crate) database: TestDatabase,
    /// For the admin API.
    pub(crate) key: String,
    /// Where the databases are not in the data folder.
    _data_dir: Option<TempDir>,
}

/// Where runs begin; what was made for them is gone when this is dropped.
#[derive(Default)]
pub struct Stage {
    sqlite: OnceCell<Arc<Prepared>>,
    postgres: OnceCell<Option<Arc<Prepared>>>,
}

impl Stage {
    /// What runs on this kind of database begin with; `None`, after a loud word, if there is no such server here.
    pub(crate) async fn prepared(&self, kind: Kind) -> Option<Arc<Prepared>> {
        match kind {
            Kind::Sqlite => {
                let make = async || Arc::new(Prepared::make(TestDatabase::sqlite()));
                Some(Arc::clone(self.sqlite.get_or_init(make).await))
            }
            Kind::Postgres => {
                let make = async || TestDatabase::postgres().await.map(|it| Arc::new(Prepared::make(it)));
                self.postgres.get_or_init(make).await.clone()
            }
        }
    }
}

impl Prepared {
    fn make(database: TestDatabase) -> Self {
        let Place { database, key, .. } = Place::new(database, String::new()).fill();
        Self { database, key }
    }

    /// A new place.
    pub(crate) async fn place(&self) -> Place {
        Place::new(self.database.copy().await, self.key.clone())
    }
}

impl Place {
    /// A new place on a PostgreSQL server of the scenario's own.
    pub(crate) async fn on(server: &PostgresServer) -> Self {
        Self::new(TestDatabase::on(server).await, String::new()).fill()
    }

    fn new(database: TestDatabase, key: String) -> Self {
        let (options, data_dir) = match database.dir() {
            Some(dir) => (BelvedereOptions::new(dir), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (BelvedereOptions::new(dir.path()).with("DATABASE_URL", &database.url()), Some(dir))
            }
        };
        let options = options
            .with("MASTER_SECRET", MASTER_SECRET)
            .with("BELVEDERE_DEV", "true")
            .with("APPS", "appview,sync,registry")
            // What is waited for takes moments.
            .with("BELVEDERE_TIME_SCALE", "1000")
            .with("BACKFILL_TIMEOUT_SECONDS", "3");
        Self { options, database, key, _data_dir: data_dir }
    }

    fn fill(self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<String> = COLLECTIONS
            .map(|nsid| {
                let path = folder.path().join(format!("{nsid}.json"));
                std::fs::write(&path, lexicon(nsid)).unwrap();
                path.to_str().unwrap().to_owned()
            })
            .into();
        let query = folder.path().join("query.json");
        std::fs::write(&query, get_note()).unwrap();
        let files = [files, vec![query.to_str().unwrap().to_owned()]].concat();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        self.command(&[&["lexicon", "add"], files.as_slice(), &["--no-backfill"]].concat());
        let key = self.command(&["key", "create", "--name", "soak"])["key"].as_str().unwrap().to_owned();
        Self { key, ..self }
    }

    /// What a command that must succeed prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> Value {
        let output = self.options.command(&[arguments, &["--json"]].concat()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Takes any record.
fn lexicon(nsid: &str) -> String {
    let record = json!({ "type": "record", "key": "any", "record": { "type": "object", "properties": {} } });
    json!({ "lexicon": 1, "id": nsid, "defs": { "main": record } }).to_string()
}

/// One record by its URI.
fn get_note() -> String {
    let parameters = json!({
        "type": "params", "required": ["uri"], "properties": { "uri": { "type": "string", "format": "at-uri" } },
    });
    let output = json!({ "encoding": "application/json", "schema": { "type": "object", "properties": {} } });
    let query = json!({ "type": "query", "parameters": parameters, "output": output });
    json!({ "lexicon": 1, "id": "com.example.demo.getNote", "defs": { "main": query } }).to_string()
}
