//! The promises of [`store`], on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dump;
mod migrations;
mod sqlite_group_commit;
mod statements;
mod transactions;

use store::{Error, Migration, Schema, Tier};

/// A small schema in each tier.
pub(crate) static THINGS: Schema = Schema {
    name: "things",
    tier: Tier::State,
    tables: &["things"],
    migrations: &[Migration {
        id: 1,
        name: "things",
        sqlite: "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB, doc BLOB, score REAL) STRICT",
        postgres: "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT UNIQUE, data BYTEA, doc JSONB, score DOUBLE PRECISION)",
    }],
};

/// The rebuildable twin of [`THINGS`].
pub(crate) static VIEWS: Schema = Schema {
    name: "views",
    tier: Tier::Index,
    tables: &["views"],
    migrations: &[Migration {
        id: 1,
        name: "views",
        sqlite: "CREATE TABLE views (id INTEGER PRIMARY KEY) STRICT",
        postgres: "CREATE TABLE views (id BIGINT PRIMARY KEY)",
    }],
};

/// The names in `things`, in order of id.
pub(crate) async fn names(db: &store::Database) -> Vec<String> {
    db.read(|c| c.query("SELECT name FROM things ORDER BY id", &[], |row| row.string(0))).await.unwrap()
}

/// Inserts one thing.
pub(crate) async fn insert(db: &store::Database, id: i64, name: &str) -> Result<u64, Error> {
    let name = name.to_owned();
    db.write(move |c| {
        c.execute("INSERT INTO things (id, name) VALUES ($1, $2)", &[store::v(id), store::v(&name)])
    })
    .await
}
