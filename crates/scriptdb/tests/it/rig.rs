//! A store with something to see and something to hide, and the scripts' database beside it.

use scriptdb::{Error, Param, ScriptDb, ScriptDbConfig, View};
use store::{Engine, Migration, Schema, Store, Tier, v};
use testkit::TestDatabase;

pub(crate) static INDEX: Schema = Schema {
    name: "index",
    tier: Tier::Index,
    tables: &["notes", "repos"],
    migrations: &[Migration {
        id: 1,
        name: "notes",
        sqlite: "CREATE TABLE repos (id INTEGER PRIMARY KEY, did TEXT NOT NULL) STRICT;
                 CREATE TABLE notes (id INTEGER PRIMARY KEY, repo_id INTEGER, body TEXT, hidden INTEGER) STRICT",
        postgres: "CREATE TABLE repos (id BIGINT PRIMARY KEY, did TEXT NOT NULL);
                   CREATE TABLE notes (id BIGINT PRIMARY KEY, repo_id BIGINT, body TEXT, hidden BIGINT)",
    }],
};

pub(crate) static STATE: Schema = Schema {
    name: "state",
    tier: Tier::State,
    tables: &["secrets", "lexicons"],
    migrations: &[Migration {
        id: 1,
        name: "secrets",
        sqlite: "CREATE TABLE secrets (id INTEGER PRIMARY KEY, secret TEXT) STRICT;
                 CREATE TABLE lexicons (id TEXT PRIMARY KEY, internal TEXT) STRICT",
        postgres: "CREATE TABLE secrets (id BIGINT PRIMARY KEY, secret TEXT);
                   CREATE TABLE lexicons (id TEXT PRIMARY KEY, internal TEXT)",
    }],
};

const RECORDS: &str = r#"SELECT 'at://' || r.did || '/' || n.id AS uri, n.body AS record
    FROM "index".notes n JOIN "index".repos r ON r.id = n.repo_id WHERE n.hidden = 0"#;

const LEXICONS: &str = r#"SELECT id FROM "state".lexicons"#;

/// What scripts see of it.
pub(crate) static VIEWS: [View; 3] = [
    View { name: "happyview_records", tier: Tier::Index, sqlite: RECORDS, postgres: RECORDS },
    View { name: "records", tier: Tier::Index, sqlite: RECORDS, postgres: RECORDS },
    View { name: "happyview_lexicons", tier: Tier::State, sqlite: LEXICONS, postgres: LEXICONS },
];

/// The word that no answer may ever contain.
pub(crate) const SECRET: &str = "s3cret";

pub(crate) struct Rig {
    pub(crate) database: TestDatabase,
    pub(crate) db: ScriptDb,
    /// Keeps the databases open, as in the server.
    pub(crate) store: Store,
}

impl Rig {
    pub(crate) async fn new(database: TestDatabase, adjust: impl Fn(&mut ScriptDbConfig)) -> Self {
        let store = database.open(&[&INDEX, &STATE]).await;
        fill(&store).await;
        let mut config = ScriptDbConfig::new(database.config().location, &VIEWS);
        adjust(&mut config);
        let db = ScriptDb::open(config).await.unwrap_or_else(|error| panic!("{error}"));
        Self { database, db, store }
    }

    /// What the next start of the server does.
    pub(crate) async fn reopen(&self) -> ScriptDb {
        let config = ScriptDbConfig::new(self.database.config().location, &VIEWS);
        ScriptDb::open(config).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The answer, as text.
    pub(crate) async fn ask(&self, sql: &str, params: &[Param]) -> String {
        let rows = self.db.raw(sql, params).await;
        rows.unwrap_or_else(|error| panic!("{sql} on {}: {error}", self.db.backend())).into_string()
    }

    pub(crate) async fn fail(&self, sql: &str) -> Error {
        match self.db.raw(sql, &[]).await {
            Err(error) => error,
            Ok(rows) => panic!("{sql} on {}: {}", self.db.backend(), rows.as_str()),
        }
    }

    /// The statement fails, and not for a reason that goes away.
    pub(crate) async fn refuse(&self, sql: &str) {
        let error = self.fail(sql).await;
        assert!(!error.is_transient(), "{sql} on {}: {error}", self.db.backend());
        assert!(!error.to_string().contains(SECRET), "{sql} on {}: {error}", self.db.backend());
    }

    pub(crate) fn engine(&self) -> Engine {
        self.database.engine()
    }
}

async fn fill(store: &Store) {
    let rows = [(1, "one", 0), (2, "two", 0), (3, SECRET, 1)];
    let index = store.index.write(move |c| {
        c.execute("INSERT INTO repos VALUES (1, 'did:plc:a'), (2, 's3cret')", &[])?;
        for (id, body, hidden) in rows {
            c.execute("INSERT INTO notes VALUES ($1, 1, $2, $3)", &[v(id), v(body), v(hidden)])?;
        }
        Ok::<_, store::Error>(())
    });
    index.await.unwrap();
    let state = store.state.write(|c| {
        c.execute("INSERT INTO secrets VALUES (1, 's3cret')", &[])?;
        c.execute("INSERT INTO lexicons VALUES ('com.example.note', 's3cret')", &[])
    });
    state.await.unwrap();
}

/// One on each engine at hand.
pub(crate) async fn rigs() -> Vec<Rig> {
    adjusted(|_| {}).await
}

/// The same with other limits.
pub(crate) async fn adjusted(adjust: impl Fn(&mut ScriptDbConfig)) -> Vec<Rig> {
    let mut rigs = Vec::new();
    for database in testkit::databases().await {
        rigs.push(Rig::new(database, &adjust).await);
    }
    rigs
}

pub(crate) async fn sqlite() -> Rig {
    Rig::new(TestDatabase::sqlite(), |_| {}).await
}

pub(crate) async fn postgres() -> Option<Rig> {
    Some(Rig::new(TestDatabase::postgres().await?, |_| {}).await)
}
