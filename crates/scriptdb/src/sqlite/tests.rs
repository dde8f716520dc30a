//! The engine alone: statements that nobody has read before, as if reading them had been fooled.

use std::collections::HashSet;

use proptest::prelude::*;
use rusqlite::Connection;
use store::{Engine, Tier};
use testkit::TestDatabase;

use super::link::Link;
use super::open;
use crate::script_db::Request;
use crate::statement::{Kind, Statement};
use crate::{Error, Rows, ScriptDbConfig, View};

const NOTES: &str =
    r#"SELECT n.body AS body FROM "index".notes n JOIN "index".repos r ON r.id = n.repo WHERE n.hidden = 0"#;

static VIEWS: [View; 2] = [
    View { name: "happyview_records", tier: Tier::Index, sqlite: NOTES, postgres: NOTES },
    View { name: "records", tier: Tier::Index, sqlite: NOTES, postgres: NOTES },
];

/// A view that hides a row of the index, and the folder it is in.
fn writer() -> (Link, TestDatabase) {
    let database = TestDatabase::sqlite();
    let folder = database.dir().unwrap();
    let index = Connection::open(folder.join("index.db")).unwrap();
    index
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE repos (id INTEGER PRIMARY KEY, did TEXT);
             CREATE TABLE notes (id INTEGER PRIMARY KEY, repo INTEGER, body TEXT, hidden INTEGER);
             INSERT INTO repos VALUES (1, 's3cret');
             INSERT INTO notes VALUES (1, 1, 'seen', 0), (2, 1, 's3cret', 1);",
        )
        .unwrap();
    let link = open::writer(folder, &ScriptDbConfig::new(database.config().location, &VIEWS)).unwrap();
    (link, database)
}

fn run(link: &mut Link, kind: Kind, sql: &str) -> Result<Rows, Error> {
    let statement = Statement { sql: sql.to_owned(), kind, names: HashSet::new(), parameters: 0 };
    link.run(&Request { statement, params: Vec::new(), once: None })
}

#[test]
fn statements_of_other_kinds_do_nothing() {
    let (mut link, database) = writer();
    run(&mut link, Kind::Create, "CREATE TABLE t (a TEXT)").unwrap();
    for kind in [Kind::Read, Kind::Delete, Kind::Write, Kind::Create] {
        for sql in [
            "ATTACH 'x.db' AS x",
            "DETACH \"index\"",
            "PRAGMA query_only = OFF",
            "PRAGMA main.user_version = 5",
            "PRAGMA database_list",
            "VACUUM INTO 'x.db'",
            "DROP TABLE t",
            "DROP VIEW happyview_records",
            "ALTER TABLE t RENAME TO u",
            "ALTER TABLE t ADD COLUMN b",
            "CREATE INDEX i ON t (a)",
            "CREATE VIEW v AS SELECT * FROM \"index\".notes",
            "CREATE TEMP VIEW v AS SELECT * FROM notes",
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END",
            "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END",
            "CREATE TEMP TABLE u (a TEXT)",
            "CREATE VIRTUAL TABLE u USING fts5(a)",
            "CREATE TABLE happyview_users (a TEXT)",
            "CREATE TABLE happyview_records (a TEXT)",
            "CREATE TABLE happyview_jobs (a TEXT)",
            "CREATE TABLE records (a TEXT)",
            "CREATE TABLE \"index\".u (a TEXT)",
            "INSERT INTO \"index\".repos VALUES (2, 'x')",
            "DELETE FROM notes",
            "SELECT * FROM belvedere_effects",
            "DELETE FROM belvedere_effects",
            "REINDEX",
            "ANALYZE",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT x",
            "UPDATE sqlite_schema SET sql = ''",
            "SELECT load_extension('x')",
        ] {
            let result = run(&mut link, kind, sql);
            assert!(result.is_err(), "{sql} as {kind:?}: {result:?}");
        }
    }
    assert!(run(&mut link, Kind::Read, "INSERT INTO t VALUES ('x')").is_err(), "it reads");
    assert!(run(&mut link, Kind::Write, "CREATE TABLE u (a TEXT)").is_err(), "it writes");
    let rows = run(&mut link, Kind::Read, "SELECT count(*) AS n FROM t").unwrap();
    assert_eq!(rows.as_str(), r#"[{"n":0}]"#);
    assert_eq!(
        run(&mut link, Kind::Read, "SELECT * FROM happyview_records").unwrap().as_str(),
        r#"[{"body":"seen"}]"#
    );
    assert!(!database.dir().unwrap().join("x.db").exists());
}

/// Where rows may come from.
fn source() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "notes",
            "\"index\".notes",
            "repos",
            "'index'.'repos'",
            "[Notes]",
            "happyview_records",
            "happyview_records",
            "own",
            "\"index\".sqlite_schema",
            "sqlite_temp_schema",
        ][..],
    )
    .prop_map(str::to_owned)
}

/// Queries of queries.
fn query() -> impl Strategy<Value = String> {
    source().prop_recursive(5, 24, 2, |inner| {
        let name = prop::sample::select(&["happyview_records", "notes", "own", "x", "view_0"][..]);
        prop_oneof![
            inner.clone().prop_map(|from| format!("(SELECT * FROM {from})")),
            inner.clone().prop_map(|from| format!("(SELECT count(*) AS body FROM {from})")),
            inner.clone().prop_map(|from| format!("(SELECT (SELECT max(body) FROM {from}) AS body)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(SELECT a.* FROM {a} a, {b} b)")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(SELECT body FROM {a} UNION ALL SELECT body FROM {b})")),
            (name, inner.clone(), inner).prop_map(|(name, a, b)| format!(
                "(WITH {name} AS (SELECT * FROM {a}) SELECT * FROM {b}, {name})"
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is asked, in whatever way, nothing hidden is told.
    #[test]
    fn no_query_tells_what_a_view_hides(queries in prop::collection::vec(query(), 16)) {
        let (mut link, _database) = writer();
        run(&mut link, Kind::Create, "CREATE TABLE own AS SELECT * FROM happyview_records").unwrap();
        for query in queries {
            let sql = format!("SELECT * FROM {query}");
            let Ok(statement) = Statement::parse(&sql, Engine::Sqlite, &["happyview_records"]) else { continue };
            match link.run(&Request { statement, params: Vec::new(), once: None }) {
                Ok(rows) => prop_assert!(!rows.as_str().contains("s3cret"), "{sql}: {}", rows.as_str()),
                Err(error) => prop_assert!(!error.to_string().contains("s3cret"), "{sql}: {error}"),
            }
        }
    }
}
