//! What is read, what is refused, and that reading is never fooled.

use proptest::prelude::*;
use store::Engine::{self, Postgres, Sqlite};

use super::{Kind, Statement};
use crate::Error;

const ENGINES: [Engine; 2] = [Sqlite, Postgres];

fn parse(sql: &str, engine: Engine) -> Result<Statement, Error> {
    Statement::parse(sql, engine, &["happyview_records", "records"])
}

fn is_protected(sql: &str, engine: Engine, name: &str) -> bool {
    matches!(parse(sql, engine), Err(Error::Protected(found)) if found == name)
}

#[test]
fn kinds_are_told_by_their_words() {
    for engine in ENGINES {
        for (sql, kind) in [
            ("SELECT 1", Kind::Read),
            (" /* x */ select 1; -- done", Kind::Read),
            ("WITH a AS (SELECT 1) SELECT * FROM a", Kind::Read),
            ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", Kind::Write),
            ("INSERT INTO t VALUES ('delete')", Kind::Write),
            ("UPDATE t SET a = 1", Kind::Write),
            ("DELETE FROM t", Kind::Delete),
            ("SELECT 'insert', \"update\" FROM t", Kind::Read),
            ("Create Table t (a TEXT)", Kind::Create),
        ] {
            assert_eq!(parse(sql, engine).unwrap().kind, kind, "{sql} on {engine:?}");
        }
    }
}

#[test]
fn other_kinds_are_refused() {
    for engine in ENGINES {
        for sql in [
            "",
            ";",
            "-- nothing",
            "(SELECT 1)",
            "DROP TABLE t",
            "ALTER TABLE t ADD a",
            "PRAGMA user_version",
            "ATTACH 'x' AS y",
            "VACUUM",
            "EXPLAIN SELECT 1",
            "COPY t TO '/tmp/x'",
            "DO $$ BEGIN END $$",
            "SET ROLE x",
            "RESET ROLE",
            "GRANT ALL ON t TO PUBLIC",
            "CALL f()",
            "BEGIN",
            "COMMIT",
            "LISTEN x",
            "CREATE INDEX i ON t (a)",
            "CREATE TEMP TABLE t (a TEXT)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE VIRTUAL TABLE t USING fts5(a)",
            "CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql",
            "SELECT 1 INTO t",
            "SELECT 1 INTO TEMP t",
            "SELECT 1; SELECT 2",
            "SELECT 1;;SELECT 2",
            "SELECT 1 ; COMMIT",
            "REPLACE INTO t VALUES (1)",
            "CREATE TABLE records (a TEXT)",
            "CREATE TABLE IF NOT EXISTS x.\"Happyview_Records\" (a TEXT)",
            "CREATE TABLE happyview_jobs (a TEXT)",
        ] {
            assert!(matches!(parse(sql, engine), Err(Error::Refused(_))), "{sql} on {engine:?}");
        }
    }
}

#[test]
fn the_end_is_cut_off_and_parameters_are_counted() {
    let statement = parse("SELECT $2, $1 ; -- bye", Postgres).unwrap();
    assert_eq!((statement.sql.as_str(), statement.parameters), ("SELECT $2, $1 ", 2));
    assert_eq!(parse("SELECT ?, ?, ?", Sqlite).unwrap().parameters, 3);
    assert_eq!(parse("SELECT ?3, ?", Sqlite).unwrap().parameters, 4);
    assert_eq!(parse("SELECT '$9', \"$8\", a$7 -- $6", Sqlite).unwrap().parameters, 0);
    assert_eq!(parse("SELECT doc ? 'key', $q$ $9 $q$", Postgres).unwrap().parameters, 0);
}

#[test]
fn protected_names_are_found_in_every_dress() {
    for (sql, only) in [
        ("SELECT * FROM happyview_users", None),
        ("SELECT * FROM HappyView_USERS", None),
        ("SELECT * FROM \"happyview_users\"", None),
        ("SELECT * FROM \"HAPPYVIEW_users\"", None),
        ("SELECT * FROM main.happyview_users", None),
        ("SELECT * FROM \"public\".\"happyview_users\"", None),
        ("SELECT * FROM/**/happyview_users", None),
        ("SELECT * FROM -- x\nhappyview_users", None),
        ("SELECT * FROM x/* ' */,happyview_users -- '", None),
        ("SELECT '--' , * FROM happyview_users", None),
        ("SELECT '/*', * FROM happyview_users -- */", None),
        ("SELECT 'it''s', * FROM happyview_users", None),
        ("SELECT 1FROM happyview_users", None),
        ("WITH a AS (SELECT * FROM happyview_users) SELECT * FROM a", None),
        ("SELECT (SELECT count(*) FROM happyview_users)", None),
        ("INSERT INTO t SELECT * FROM happyview_users", None),
        ("UPDATE happyview_users SET a = 1", None),
        ("DELETE FROM happyview_users RETURNING *", None),
        ("CREATE TABLE t AS SELECT * FROM happyview_users", None),
        ("CREATE TABLE happyview_users (a TEXT)", None),
        ("CREATE TABLE t (a TEXT REFERENCES happyview_users (id))", None),
        ("SELECT happyview_users.id FROM t", None),
        ("SELECT * FROM /* /* */ happyview_users /* */ */", Some(Sqlite)),
        ("SELECT * FROM [happyview_users]", Some(Sqlite)),
        ("SELECT * FROM `happyview_users`", Some(Sqlite)),
        ("SELECT * FROM 'happyview_users'", Some(Sqlite)),
        ("SELECT * FROM 'main'.'happyview_users'", Some(Sqlite)),
        ("SELECT '\\', happyview_users.id FROM x", None),
        ("SELECT $a$ ' $a$, happyview_users.id FROM x", Some(Postgres)),
        ("SELECT E'\\'', happyview_users.id FROM x -- '", Some(Postgres)),
        ("SELECT 1 -- \rFROM happyview_users", Some(Postgres)),
        ("SELECT * FROM a$happyview, happyview_users", None),
    ] {
        for engine in ENGINES.into_iter().filter(|engine| only.is_none_or(|only| only == *engine)) {
            assert!(is_protected(sql, engine, "happyview_users"), "{sql} on {engine:?}");
        }
    }
    for name in ["happyview_", "happyview_recordsx", "happyview_oauth_sessions", "_sqlx_migrations"] {
        assert!(is_protected(&format!("SELECT * FROM {name}"), Sqlite, name));
    }
}

#[test]
fn names_that_only_look_like_it_are_fine() {
    for engine in ENGINES {
        for sql in [
            "SELECT 'happyview_users'",
            "SELECT * FROM happyview_records JOIN happyview_labels USING (uri)",
            "SELECT * FROM unhappyview_users",
            "INSERT INTO t VALUES ('a', 'happyview_users') -- happyview_users",
            "SELECT /* happyview_users */ 1",
        ] {
            assert!(parse(sql, engine).is_ok(), "{sql} on {engine:?}");
        }
    }
    assert!(parse("SELECT /* /* */ happyview_users */ 1", Postgres).is_ok());
}

#[test]
fn what_cannot_be_split_is_refused() {
    for (sql, engine) in [
        ("SELECT 'x", Sqlite),
        ("SELECT \"x", Postgres),
        ("SELECT [x", Sqlite),
        ("SELECT `x", Sqlite),
        ("SELECT 1 /* x", Sqlite),
        ("SELECT 1 /* /* */", Postgres),
        ("SELECT $a$ x $b$", Postgres),
        ("SELECT U&'\\0061'", Postgres),
        ("SELECT * FROM u&\"happyview\\005fusers\"", Postgres),
        ("SELECT U&'x'", Sqlite),
        ("SELECT E'a'\n'\\'", Postgres),
        ("SELECT E'a' -- x\n'\\'", Postgres),
        ("SELECT \u{feff}happyview_users", Sqlite),
        ("SELECT 'a\0b'", Sqlite),
        ("SELECT \0", Postgres),
        ("SELECT :name", Sqlite),
        ("SELECT $name", Sqlite),
        ("SELECT $1(happyview_users)", Sqlite),
        ("SELECT $0", Postgres),
        ("SELECT $99999999999999999999", Sqlite),
    ] {
        assert!(matches!(parse(sql, engine), Err(Error::Refused(_))), "{sql:?} on {engine:?}");
    }
}

#[test]
fn tables_are_made_in_the_schema_of_scripts() {
    for (sql, is_fine) in [
        ("CREATE TABLE t (a TEXT)", true),
        ("CREATE TABLE scripts.t (a TEXT)", true),
        ("CREATE TABLE IF NOT EXISTS \"scripts\".t (a TEXT)", true),
        ("CREATE TABLE public.t (a TEXT)", false),
        ("CREATE TABLE IF NOT EXISTS db.scripts.t (a TEXT)", false),
        ("CREATE TABLE \"Scripts\" . t (a TEXT)", true),
    ] {
        assert_eq!(parse(sql, Postgres).is_ok(), is_fine, "{sql}");
    }
}

#[test]
fn what_reaches_beyond_a_statement_is_refused_on_postgresql() {
    for sql in [
        "SELECT pg_sleep(10)",
        "SELECT pg_catalog.\"pg_read_file\"('/etc/passwd')",
        "SELECT * FROM PG_ROLES",
        "CREATE TABLE pg_temp.t (a TEXT)",
        "SELECT set_config('role', 'none', false)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a TEXT)",
        "SELECT lo_import('/etc/passwd')",
    ] {
        assert!(matches!(parse(sql, Postgres), Err(Error::Refused(_))), "{sql}");
    }
}

/// Pieces that are harmless by themselves and hide what follows if they are misread.
fn noise() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "'a'", "'''", "''''", "\"b\"", "\"\"\"\"", "/*", "*/", "--", "\n", "\r", "$1", "$$", "$a$", "E'\\'",
        "e'", "`", "[", "]", ";", "(", ")", ",", "1", ".", "x", "\\", "U&", "::", "?", "é", "$", "'", "\"",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn no_text_whatsoever_is_too_much(sql in "\\PC*", sqlite in any::<bool>()) {
        _ = parse(&sql, if sqlite { Sqlite } else { Postgres });
    }

    #[test]
    fn noise_is_read_or_refused(noise in noise()) {
        for engine in ENGINES {
            if let Ok(statement) = parse(&format!("SELECT {noise}"), engine) {
                prop_assert!(statement.sql.starts_with("SELECT"));
            }
        }
    }

    /// Whatever SQLite itself would take for a reference to a protected table is found here: the engine is the judge.
    #[test]
    fn sqlite_finds_no_name_that_is_not_found_here(before in noise(), after in noise()) {
        let sql = format!("SELECT {before} happyview_users.id {after}");
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE x (a)").unwrap();
        let said = conn.prepare(&sql).map(drop).map_err(|error| error.to_string());
        if said.is_err_and(|said| said.contains("no such column: happyview_users.id")) {
            prop_assert!(parse(&sql, Sqlite).is_err(), "{}", sql);
        }
    }
}
