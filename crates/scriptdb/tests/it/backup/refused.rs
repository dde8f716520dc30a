//! What cannot be restored changes nothing.

use std::io::Cursor;

use store::Engine;
use store::dump::{self, DumpError, Existing, WithoutScripts};
use testkit::TestDatabase;

use super::{Place, SCHEMAS, ask, backup, put, unpack};
use crate::rig::{Rig, rigs};

/// A rig with a table of scripts in use.
async fn in_use(database: TestDatabase) -> Rig {
    let rig = Rig::new(database, |_| {}).await;
    put(&rig, &["CREATE TABLE mine (a TEXT)", "INSERT INTO mine VALUES ('kept')"]).await;
    rig
}

const MINE: &str = r#"[{"a":"kept"}]"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_kept_or_replaced_as_told() {
    for (from, to) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(&from, &["CREATE TABLE mine (b TEXT)", "INSERT INTO mine VALUES ('new')"]).await;
        let dump = backup(&from).await.1;
        let to = in_use(to).await;
        to.store.state.write(|c| c.batch("DELETE FROM secrets; DELETE FROM lexicons")).await.unwrap();
        let place = Place { database: to.database, store: to.store };
        let refused = place.restore(&dump, Existing::Keep).await.unwrap_err();
        assert_eq!(refused.to_string(), "the database is not empty: table scripts.mine has rows");
        assert_eq!(ask(&to.db, "SELECT * FROM mine").await, MINE);
        place.restore(&dump, Existing::Replace).await.unwrap();
        assert_eq!(ask(&place.open().await, "SELECT * FROM mine").await, r#"[{"b":"new"}]"#);
        // A backup without any takes their place, too.
        let (_, none) = backup(&Rig::new(other(from.engine()).await, |_| {}).await).await;
        place.restore(&none, Existing::Replace).await.unwrap();
        assert!(place.open().await.raw("SELECT * FROM mine", &[]).await.is_err());
    }
}

async fn other(engine: Engine) -> TestDatabase {
    match engine {
        Engine::Sqlite => TestDatabase::sqlite(),
        Engine::Postgres => TestDatabase::postgres().await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_ends_too_early_changes_nothing() {
    for (from, to) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(&from, &["CREATE TABLE votes (a TEXT)", "INSERT INTO votes VALUES ('new')"]).await;
        let (to, lines) = (in_use(to).await, unpack(&backup(&from).await.1));
        let place = Place { database: to.database, store: to.store };
        for (end, _) in lines.match_indices('\n').collect::<Vec<_>>().into_iter().rev().skip(1).take(4) {
            let cut = zstd::encode_all(&lines.as_bytes()[..=end], 1).unwrap();
            let refused = place.restore(&cut, Existing::Replace).await.unwrap_err();
            assert!(matches!(refused, DumpError::Damaged(_)), "{refused}");
            assert_eq!(ask(&to.db, "SELECT * FROM mine").await, MINE);
            assert!(to.db.raw("SELECT * FROM votes", &[]).await.is_err());
        }
    }
}

/// Restores what only its own engine understands on another one.
async fn not_understood(from: TestDatabase, to: TestDatabase, create: &str) {
    let from = Rig::new(from, |_| {}).await;
    put(&from, &["CREATE TABLE a (a TEXT)", create]).await;
    let dump = backup(&from).await.1;
    let to = in_use(to).await;
    let place = Place { database: to.database, store: to.store };
    let secrets =
        || place.store.state.read(|c| c.query_one("SELECT count(*) FROM secrets", &[], |row| row.int(0)));
    place.store.state.write(|c| c.batch("DELETE FROM secrets")).await.unwrap();
    let refused = place.restore(&dump, Existing::Replace).await.unwrap_err();
    assert!(matches!(&refused, DumpError::Script { table, .. } if table == "odd"), "{refused}");
    assert_eq!(ask(&to.db, "SELECT * FROM mine").await, MINE);
    assert_eq!(secrets().await.unwrap(), 0);

    let (state, cursor) = (&place.store.state, Cursor::new(dump));
    dump::restore(state, SCHEMAS, cursor, Existing::Replace, WithoutScripts).await.unwrap();
    assert_eq!(secrets().await.unwrap(), 1);
    assert_eq!(ask(&to.db, "SELECT * FROM mine").await, MINE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_postgres_does_not_understand_is_named() {
    for create in ["CREATE TABLE odd (a TEXT) STRICT", "CREATE TABLE odd (a)", "CREATE TABLE odd (a BLOB)"] {
        let Some(to) = TestDatabase::postgres().await else { return };
        not_understood(TestDatabase::sqlite(), to, create).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sqlite_does_not_understand_is_named() {
    for create in [
        "CREATE TABLE odd (a BIGINT GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE odd (a TEXT CHECK (a <> 'x'))",
        "CREATE TABLE odd (a INT4RANGE, EXCLUDE USING gist (a WITH &&))",
    ] {
        let Some(from) = TestDatabase::postgres().await else { return };
        not_understood(from, TestDatabase::sqlite(), create).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_is_named() {
    let Some(to) = TestDatabase::postgres().await else { return };
    let from = Rig::new(TestDatabase::sqlite(), |_| {}).await;
    put(&from, &["CREATE TABLE odd (a INTEGER)", "INSERT INTO odd VALUES (1), ('many')"]).await;
    let place = Place::new(to).await;
    let refused = place.restore(&backup(&from).await.1, Existing::Keep).await.unwrap_err().to_string();
    assert!(refused.contains("table odd") && refused.contains("\"many\""), "{refused}");
}
