//! Everything that scripts keep arrives.

use scriptdb::EffectKey;
use store::Engine;
use store::dump::Existing;
use testkit::TestDatabase;

use super::{Place, ask, backup, put, unpack};
use crate::rig::{Rig, rigs};

/// Something of every type, references within a table and between tables, names that are SQL words, what is generated.
const SQLITE: &[&str] = &[
    "CREATE TABLE a_child (id INTEGER PRIMARY KEY, subject TEXT REFERENCES parent (subject),
        twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL)",
    "CREATE TABLE parent (subject TEXT PRIMARY KEY, up TEXT REFERENCES parent (subject) ON DELETE CASCADE) WITHOUT ROWID",
    "CREATE TABLE \"Order\" (\"key\" TEXT UNIQUE, n INTEGER NOT NULL DEFAULT 7 CHECK (n <> 8), r REAL, b BLOB, any_thing)",
    "INSERT INTO parent VALUES ('a', NULL), ('b', 'a')",
    "UPDATE parent SET up = 'b' WHERE subject = 'a'",
    "INSERT INTO a_child (id, subject) VALUES (41, 'b')",
    "INSERT INTO \"Order\" VALUES ('', -9223372036854775808, 0.1, x'', 1), ('é\"''\n', 9223372036854775807, -1e300, x'00ff0a', 'x'),
        ('null', 0, NULL, NULL, NULL), ('inf', 1, 9e999, x'7b7d', 1.5)",
];

const POSTGRES: &[&str] = &[
    "CREATE TABLE parent (subject TEXT PRIMARY KEY, up TEXT REFERENCES parent (subject) ON DELETE CASCADE)",
    "CREATE TABLE a_child (id BIGSERIAL PRIMARY KEY, subject TEXT REFERENCES parent, also BIGINT GENERATED ALWAYS AS IDENTITY,
        twice BIGINT GENERATED ALWAYS AS (id * 2) STORED)",
    "CREATE TABLE \"Order\" (\"key\" VARCHAR(20) UNIQUE, n BIGINT NOT NULL DEFAULT 7 CHECK (n <> 8), r DOUBLE PRECISION,
        b BYTEA, flag BOOLEAN DEFAULT true, small SMALLINT, single REAL, exact NUMERIC(12, 3), at TIMESTAMPTZ DEFAULT now(),
        day DATE, span INTERVAL, doc JSONB, raw JSON, list TEXT[] DEFAULT '{}', net INET, id UUID, fixed CHAR(4),
        sorted TEXT COLLATE \"C\" DEFAULT 'it''s')",
    "INSERT INTO parent VALUES ('a', NULL), ('b', 'a')",
    "UPDATE parent SET up = 'b' WHERE subject = 'a'",
    "INSERT INTO a_child (id, subject) VALUES (41, 'b')",
    "INSERT INTO \"Order\" VALUES ('', -9223372036854775808, 0.1, '\\x', true, -5, 0.1, 1.500, '2026-01-02 03:04:05.678901+02',
        '2026-02-28', '1 year 2 days 03:00:00.5', '{\"a\": [1, null]}', '{\"b\":  1}', '{a,\"b,c\",NULL}', '10.0.0.0/8',
        '00000000-0000-0000-0000-00000000002a', 'ab', 'é')",
    "INSERT INTO \"Order\" (\"key\", n, r, b, flag) VALUES ('inf', 1, 'Infinity', '\\x00ff0a', false)",
    "INSERT INTO \"Order\" (n, r, single) VALUES (2, 'NaN', '-Infinity')",
];

fn questions(engine: Engine) -> [&'static str; 3] {
    let order = match engine {
        Engine::Sqlite => {
            "SELECT \"key\", n, r, r = 9e999 AS endless, typeof(b) || hex(b) AS b, typeof(any_thing) AS type, any_thing
             FROM \"Order\" ORDER BY n"
        }
        Engine::Postgres => "SELECT o::text AS all FROM \"Order\" o ORDER BY n",
    };
    let children = match engine {
        Engine::Sqlite => "SELECT id, subject, twice FROM a_child ORDER BY id",
        Engine::Postgres => "SELECT id, subject, also, twice FROM a_child ORDER BY id",
    };
    ["SELECT subject, up FROM parent ORDER BY subject", children, order]
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_on_the_same_engine() {
    for (rig, empty) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(&rig, if rig.engine() == Engine::Sqlite { SQLITE } else { POSTGRES }).await;
        let (summary, dump) = backup(&rig).await;
        assert_eq!((summary.tables["scripts.parent"], summary.tables["scripts.a_child"]), (2, 1));
        assert_eq!(summary.header.format, 2);
        let place = Place::new(empty).await;
        assert_eq!(place.restore(&dump, Existing::Keep).await.unwrap(), summary);
        let db = place.open().await;
        for question in questions(rig.engine()) {
            assert_eq!(ask(&db, question).await, rig.ask(question, &[]).await);
        }
        // Numbers go on, and what was checked still is.
        assert_eq!(
            ask(&db, "INSERT INTO a_child (subject) VALUES ('a') RETURNING id").await,
            r#"[{"id":42}]"#
        );
        for wrong in [
            "INSERT INTO a_child (subject) VALUES ('nobody')",
            "INSERT INTO \"Order\" (n) VALUES (8)",
            "INSERT INTO \"Order\" (\"key\", n) VALUES ('inf', 9)",
            "INSERT INTO \"Order\" (n) VALUES (NULL)",
        ] {
            assert!(db.raw(wrong, &[]).await.is_err(), "{wrong} on {}", db.backend());
        }
        let defaults = ask(&db, "INSERT INTO \"Order\" (r) VALUES (1) RETURNING n").await;
        assert_eq!(defaults, r#"[{"n":7}]"#);
        // And again: a backup of what was restored is the same backup.
        let again = backup(&Rig { database: place.database, db, store: place.store }).await.1;
        let creates = |dump: &[u8]| -> Vec<String> {
            let lines = unpack(dump);
            lines.lines().filter(|line| line.starts_with("{\"script_table\"")).map(str::to_owned).collect()
        };
        assert_eq!(creates(&again), creates(&dump));
    }
}

const SIMPLE: &[&str] = &[
    "CREATE TABLE parents (subject TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 7, note TEXT DEFAULT 'it''s')",
    "CREATE TABLE children (id BIGINT PRIMARY KEY, parent TEXT NOT NULL REFERENCES parents (subject), r REAL,
        d DOUBLE PRECISION, UNIQUE (parent, r))",
    "INSERT INTO parents (subject, n) VALUES ('a', 1), ('b', 2), ('é', -3)",
    "INSERT INTO children VALUES (9007199254740993, 'b', 0.5, 0.1), (2, 'b', NULL, 1e300)",
];

async fn simple_types_arrive(from: TestDatabase, to: TestDatabase) {
    let rig = Rig::new(from, |_| {}).await;
    put(&rig, SIMPLE).await;
    let place = Place::new(to).await;
    let (summary, dump) = backup(&rig).await;
    assert_eq!(place.restore(&dump, Existing::Keep).await.unwrap(), summary);
    let db = place.open().await;
    for question in ["SELECT * FROM parents ORDER BY n", "SELECT * FROM children ORDER BY id"] {
        assert_eq!(ask(&db, question).await, rig.ask(question, &[]).await);
    }
    let made = ask(&db, "INSERT INTO parents (subject) VALUES ('new') RETURNING n, note").await;
    assert_eq!(made, r#"[{"n":7,"note":"it's"}]"#);
    for wrong in [
        "INSERT INTO children (id, parent) VALUES (3, 'nobody')",
        "INSERT INTO children (id, parent) VALUES (2, 'a')",
        "INSERT INTO children (id, parent, r) VALUES (4, 'b', 0.5)",
        "INSERT INTO parents (subject) VALUES ('a')",
    ] {
        assert!(db.raw(wrong, &[]).await.is_err(), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_types_arrive_from_sqlite_to_postgres() {
    let Some(to) = TestDatabase::postgres().await else { return };
    simple_types_arrive(TestDatabase::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_types_arrive_from_postgres_to_sqlite() {
    let Some(from) = TestDatabase::postgres().await else { return };
    simple_types_arrive(from, TestDatabase::sqlite()).await;
}

/// From every engine to every engine.
#[tokio::test(flavor = "multi_thread")]
async fn what_took_effect_is_not_done_again() {
    let key = EffectKey { source: "event 1".into(), attempt: 1, number: 0 };
    let vote = "UPDATE votes SET n = n + 1 RETURNING n";
    for turn in 0..2 {
        for rig in rigs().await {
            put(&rig, &["CREATE TABLE votes (n BIGINT)", "INSERT INTO votes VALUES (0)"]).await;
            assert_eq!(rig.db.raw_once(&key, vote, &[]).await.unwrap().as_str(), r#"[{"n":1}]"#);
            for number in 1..150 {
                let key = EffectKey { number, ..key.clone() };
                rig.db.raw_once(&key, "SELECT n FROM votes", &[]).await.unwrap();
            }
            let (summary, dump) = backup(&rig).await;
            assert_eq!(summary.tables["scripts.belvedere_effects"], 150);
            let mut databases = testkit::databases().await;
            let place = Place::new(databases.swap_remove(turn % databases.len())).await;
            place.restore(&dump, Existing::Keep).await.unwrap();
            let db = place.open().await;
            assert_eq!(db.raw_once(&key, vote, &[]).await.unwrap().as_str(), r#"[{"n":1}]"#);
            assert_eq!(ask(&db, "SELECT n FROM votes").await, r#"[{"n":1}]"#);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tables_of_scripts_older_versions_read_the_backup() {
    for (rig, empty) in rigs().await.into_iter().zip(testkit::databases().await) {
        let (summary, dump) = backup(&rig).await;
        assert_eq!((summary.header.format, summary.script_tables()), (1, 0));
        assert!(!unpack(&dump).contains("script_table"));
        let place = Place::new(empty).await;
        assert!(scriptdb::sizes(&place.store, &place.config()).await.unwrap().is_none());
        place.restore(&dump, Existing::Keep).await.unwrap();
        assert!(scriptdb::sizes(&place.store, &place.config()).await.unwrap().is_none(), "nothing is made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_a_statement_takes() {
    for (rig, empty) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(&rig, &["CREATE TABLE chain (id BIGINT PRIMARY KEY, next BIGINT REFERENCES chain (id))"]).await;
        let fill = "INSERT INTO chain WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            SELECT i, CASE WHEN i < 3000 THEN i + 1 END FROM n";
        put(&rig, &[fill]).await;
        let place = Place::new(empty).await;
        place.restore(&backup(&rig).await.1, Existing::Keep).await.unwrap();
        let sizes = scriptdb::sizes(&place.store, &place.config()).await.unwrap().unwrap();
        let chain = sizes.iter().find(|size| size.table == "chain").unwrap();
        assert!(chain.rows == 3000 && chain.bytes > 3000 * 8, "{chain:?}");
        assert!(sizes.iter().any(|size| size.table == "belvedere_effects"));
        let db = place.open().await;
        assert_eq!(
            ask(&db, "SELECT count(next) AS n, sum(next) AS s FROM chain").await,
            r#"[{"n":2999,"s":4501499}]"#
        );
    }
}
