//! A fresh database of each engine for every test.

mod postgres;
mod rows;
mod server;

use self::postgres::PostgresDatabase;
pub use rows::row_counts;
pub use server::PostgresServer;
use std::path::Path;
use store::{Engine, Schema, Store, StoreConfig};
use tempfile::TempDir;

/// An empty database of its own, gone when dropped, also when the test panics. Then it says on which engine.
pub struct TestDatabase {
    place: Place,
}

enum Place {
    Sqlite(TempDir),
    Postgres(PostgresDatabase),
}

impl TestDatabase {
    /// SQLite in a temporary folder.
    #[must_use]
    pub fn sqlite() -> Self {
        let dir =
            tempfile::tempdir().unwrap_or_else(|error| panic!("a temporary folder for SQLite: {error}"));
        Self { place: Place::Sqlite(dir) }
    }

    /// A new database on the PostgreSQL server that `TEST_DATABASE_URL` names; `None`, with a loud word, if it is unset.
    #[must_use]
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            eprintln!(
                "SKIPPED: this test on PostgreSQL: set TEST_DATABASE_URL, or run it under scripts/with-services"
            );
            return None;
        };
        Some(Self { place: Place::Postgres(PostgresDatabase::create(&server).await) })
    }

    /// A new database on this PostgreSQL server.
    pub async fn on(server: &PostgresServer) -> Self {
        Self { place: Place::Postgres(PostgresDatabase::create(&server.url()).await) }
    }

    /// Another database with everything that is in this one, which nobody may have open.
    pub async fn copy(&self) -> Self {
        let place = match &self.place {
            Place::Postgres(database) => Place::Postgres(database.copy().await),
            Place::Sqlite(dir) => {
                let copy = tempfile::tempdir()
                    .unwrap_or_else(|error| panic!("a temporary folder for SQLite: {error}"));
                let files = std::fs::read_dir(dir.path()).unwrap_or_else(|error| panic!("a copy: {error}"));
                for file in files.flatten().filter(|file| file.path().is_file()) {
                    let copied = std::fs::copy(file.path(), copy.path().join(file.file_name()));
                    copied.unwrap_or_else(|error| panic!("a copy of {}: {error}", file.path().display()));
                }
                Place::Sqlite(copy)
            }
        };
        Self { place }
    }

    /// Ends the connections of everybody else to it. SQLite has none.
    pub async fn cut_connections(&self) {
        if let Place::Postgres(database) = &self.place {
            database.cut_connections().await;
        }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.place {
            Place::Sqlite(_) => Engine::Sqlite,
            Place::Postgres(_) => Engine::Postgres,
        }
    }

    /// The value for `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.place {
            Place::Sqlite(dir) => format!("sqlite://{}", dir.path().display()),
            Place::Postgres(database) => database.url(),
        }
    }

    /// The folder of the SQLite files.
    #[must_use]
    pub fn dir(&self) -> Option<&Path> {
        match &self.place {
            Place::Sqlite(dir) => Some(dir.path()),
            Place::Postgres(_) => None,
        }
    }

    /// The configuration for [`Store::open`].
    #[must_use]
    pub fn config(&self) -> StoreConfig {
        StoreConfig::from_url(&self.url()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Opens it; a second time is what a restart of the server does.
    pub async fn open(&self, schemas: &[&'static Schema]) -> Store {
        let opened = Store::open(&self.config(), schemas).await;
        opened.unwrap_or_else(|error| panic!("opening {}: {error}", self.url()))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the test failed on {:?}", self.engine());
        }
    }
}

/// A fresh database of every engine at hand: SQLite always, PostgreSQL if there is a server.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![TestDatabase::sqlite()];
    databases.extend(TestDatabase::postgres().await);
    databases
}

/// Runs a test on a fresh, migrated store of every engine, one after the other.
///
/// ```no_run
/// # use store::{Schema, v};
/// # static SCHEMA: Schema = Schema { name: "notes", tier: store::Tier::State, tables: &[], migrations: &[] };
/// # #[tokio::main(flavor = "multi_thread")]
/// # async fn main() {
/// testkit::on_each_engine(&[&SCHEMA], |store| async move {
///     let written = store.state.write(|c| c.execute("INSERT INTO notes VALUES ($1)", &[v("hello")])).await;
///     assert_eq!(written.unwrap(), 1);
/// })
/// .await;
/// # }
/// ```
pub async fn on_each_engine<F, T>(schemas: &[&'static Schema], test: F)
where
    F: Fn(Store) -> T,
    T: Future<Output = ()>,
{
    for database in databases().await {
        test(database.open(schemas).await).await;
    }
}
