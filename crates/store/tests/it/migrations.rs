//! A database is only opened when its tables are exactly the declared ones.

use store::{Error, Migration, Schema, Store, StoreConfig, Tier};
use testkit::on_each_engine;

use crate::{THINGS, VIEWS};

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_where_their_tier_says() {
    on_each_engine(&[&THINGS, &VIEWS], |store| async move {
        let names =
            |sizes: Vec<store::TableSize>| sizes.into_iter().map(|size| size.table).collect::<Vec<_>>();
        assert_eq!(names(store.state.table_sizes().await.unwrap()), ["schema_migrations", "things"]);
        assert_eq!(names(store.index.table_sizes().await.unwrap()), ["schema_migrations", "views"]);
    })
    .await;
}

static UNDECLARED: Schema =
    Schema { name: "things", tier: Tier::State, tables: &[], migrations: THINGS.migrations };
static MISSING: Schema =
    Schema { name: "things", tier: Tier::State, tables: &["things", "more"], migrations: THINGS.migrations };
static EDITED: Schema = Schema {
    name: "things",
    tier: Tier::State,
    tables: &["things"],
    migrations: &[Migration { id: 1, name: "things", sqlite: "SELECT 1", postgres: "SELECT 1" }],
};
static OLDER: Schema = Schema { name: "things", tier: Tier::State, tables: &["things"], migrations: &[] };

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_differs_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = StoreConfig::sqlite(dir.path());
    Store::open(&config, &[&THINGS]).await.unwrap();
    Store::open(&config, &[&THINGS]).await.expect("opening again changes nothing");
    for (schema, says) in [
        (&UNDECLARED, "no app declares it"),
        (&MISSING, "missing"),
        (&EDITED, "another text"),
        (&OLDER, "newer version"),
    ] {
        let error = Store::open(&config, &[schema]).await.unwrap_err();
        assert!(matches!(error, Error::Schema { .. }) && error.to_string().contains(says), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_migration_leaves_the_database_as_it_was() {
    static BROKEN: Schema = Schema {
        name: "broken",
        tier: Tier::State,
        tables: &["first"],
        migrations: &[Migration {
            id: 1,
            name: "half",
            sqlite: "CREATE TABLE first (id INTEGER); CREATE TABLE first (id INTEGER)",
            postgres: "",
        }],
    };
    let dir = tempfile::tempdir().unwrap();
    let config = StoreConfig::sqlite(dir.path());
    assert!(Store::open(&config, &[&BROKEN]).await.is_err());
    Store::open(&config, &[&THINGS]).await.expect("nothing of the failed migration is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_cannot_hold_a_database_is_named() {
    let error = Store::open(&StoreConfig::sqlite("/proc/none".as_ref()), &[]).await.unwrap_err();
    assert!(error.to_string().contains("/proc/none"), "{error}");
}
