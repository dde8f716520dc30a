//! Dumps of older versions are brought forward, those of newer ones refused.

use std::io::Cursor;

use store::dump::{self, DumpError, Existing, WithoutScripts};
use store::{Migration, Schema, Tier};
use testkit::TestDatabase;

const FIRST: Migration = Migration {
    id: 1,
    name: "first",
    sqlite: "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT) STRICT; CREATE TABLE gone (id INTEGER PRIMARY KEY) STRICT",
    postgres: "CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT); CREATE TABLE gone (id BIGINT PRIMARY KEY)",
};

const SECOND: Migration = Migration {
    id: 2,
    name: "second",
    sqlite: "ALTER TABLE people ADD COLUMN shout TEXT; UPDATE people SET shout = upper(name); DROP TABLE gone",
    postgres: "ALTER TABLE people ADD COLUMN shout TEXT; UPDATE people SET shout = upper(name); DROP TABLE gone",
};

static OLD: Schema =
    Schema { name: "people", tier: Tier::State, tables: &["people", "gone"], migrations: &[FIRST] };
static NEW: Schema =
    Schema { name: "people", tier: Tier::State, tables: &["people"], migrations: &[FIRST, SECOND] };
static OTHER: Schema = Schema {
    name: "people",
    tier: Tier::State,
    tables: &["people"],
    migrations: &[Migration { id: 1, name: "another", ..SECOND_ALONE }],
};
const SECOND_ALONE: Migration = Migration {
    id: 1,
    name: "alone",
    sqlite: "CREATE TABLE people (id INTEGER PRIMARY KEY) STRICT",
    postgres: "CREATE TABLE people (id BIGINT PRIMARY KEY)",
};
/// An app that the old version did not have.
static ADDED: Schema = Schema {
    name: "added",
    tier: Tier::State,
    tables: &["counter"],
    migrations: &[Migration {
        id: 1,
        name: "counter",
        sqlite: "CREATE TABLE counter (n INTEGER) STRICT; INSERT INTO counter VALUES (1)",
        postgres: "CREATE TABLE counter (n BIGINT); INSERT INTO counter VALUES (1)",
    }],
};

async fn old_dump() -> Vec<u8> {
    let database = TestDatabase::sqlite();
    let store = database.open(&[&OLD]).await;
    store.state.write(|c| c.execute("INSERT INTO people VALUES (1, 'ada')", &[])).await.unwrap();
    super::dump(&store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_dump_is_migrated() {
    let dump = old_dump().await;
    let schemas: &[&Schema] = &[&NEW, &ADDED];
    for database in testkit::databases().await {
        let store = database.open(schemas).await;
        let taken =
            dump::restore(&store.state, schemas, Cursor::new(dump.clone()), Existing::Keep, WithoutScripts)
                .await;
        assert_eq!(taken.unwrap().header.applied.len(), 1);
        let found = store.state.read(|c| {
            c.query_one("SELECT shout, (SELECT sum(n) FROM counter) FROM people", &[], |row| row.string(0))
        });
        assert_eq!(found.await.unwrap(), "ADA");
        drop(store);
        database.open(schemas).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_dump_names_the_version_to_use() {
    let from = TestDatabase::sqlite().open(&[&NEW, &ADDED]).await;
    let dump = super::dump(&from).await;
    for (schemas, missing) in [([&OLD, &ADDED].as_slice(), "second"), (&[&NEW], "counter")] {
        let database = TestDatabase::sqlite();
        let store = database.open(schemas).await;
        let refused = dump::restore(
            &store.state,
            schemas,
            Cursor::new(dump.clone()),
            Existing::Replace,
            WithoutScripts,
        );
        let refused = refused.await.unwrap_err();
        assert!(matches!(&refused, DumpError::Newer { name, .. } if name == missing), "{refused}");
        assert!(refused.to_string().ends_with("use version 0.1.0 or a later one"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_with_another_history_is_refused() {
    let store = TestDatabase::sqlite().open(&[&OTHER]).await;
    let refused = dump::restore(
        &store.state,
        &[&OTHER],
        Cursor::new(old_dump().await),
        Existing::Replace,
        WithoutScripts,
    )
    .await;
    assert!(matches!(refused.unwrap_err(), DumpError::Diverged { .. }));
}
