//! Which values go in and come out.

use scriptdb::{Error, Param};
use store::Engine;

use crate::rig::rigs;

#[tokio::test]
async fn every_type_comes_back_as_what_it_is() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE t (i BIGINT, r DOUBLE PRECISION, s TEXT, n TEXT)", &[]).await;
        let values: [Param; 4] = [i64::MAX.into(), 2.0.into(), "a\"b\\ü\n".into(), Param::Null];
        assert_eq!(rig.ask("INSERT INTO t VALUES ($1, $2, $3, $4)", &values).await, "[]");
        let rows = rig.ask("SELECT * FROM t", &[]).await;
        assert_eq!(rows, r#"[{"i":9223372036854775807,"r":2.0,"s":"a\"b\\ü\n"}]"#);
        let rows = rig.ask("SELECT i FROM t WHERE r > $2 AND s = $1", &[values[2].clone(), 1.into()]).await;
        assert_eq!(rows, r#"[{"i":9223372036854775807}]"#);
    }
}

#[tokio::test]
async fn booleans_json_times_and_bytes_are_the_engines() {
    for rig in rigs().await {
        let (sql, expected) = match rig.engine() {
            Engine::Sqlite => (
                "SELECT true AS b, json('{\"a\": [1]}') AS j, datetime('2026-01-02 03:04:05') AS t, x'00ff' AS x, 0.1 AS f",
                r#"[{"b":1,"j":"{\"a\":[1]}","t":"2026-01-02 03:04:05","x":"\\x00ff","f":0.1}]"#,
            ),
            Engine::Postgres => (
                "SELECT true AS b, '{\"a\": [1]}'::jsonb AS j, '2026-01-02 03:04:05Z'::timestamptz AS t, '\\x00ff'::bytea AS x,
                        0.1::real AS f, 'NaN'::float8 AS nan, 5::numeric AS n",
                r#"[{"b":true,"j":{"a": [1]},"t":"2026-01-02T03:04:05+00:00","x":"\\x00ff","f":0.1,"n":5}]"#,
            ),
        };
        assert_eq!(rig.ask(sql, &[]).await, expected);
    }
}

#[tokio::test]
async fn booleans_fit_their_columns() {
    for rig in rigs().await {
        let (sql, expected) = match rig.engine() {
            Engine::Sqlite => ("CREATE TABLE t (b INTEGER)", r#"[{"b":1},{"b":0}]"#),
            Engine::Postgres => ("CREATE TABLE t (b BOOLEAN)", r#"[{"b":true},{"b":false}]"#),
        };
        rig.ask(sql, &[]).await;
        let rows = rig.ask("INSERT INTO t VALUES ($1), ($2) RETURNING b", &[true.into(), false.into()]).await;
        assert_eq!(rows, expected);
    }
}

#[tokio::test]
async fn placeholders_are_numbered_and_may_repeat() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE t (a TEXT, b TEXT, c TEXT)", &[]).await;
        let rows = rig.ask("INSERT INTO t VALUES ($2, $1, $2) RETURNING *", &["x".into(), "y".into()]).await;
        assert_eq!(rows, r#"[{"a":"y","b":"x","c":"y"}]"#);
        let missing = rig.db.raw("SELECT $2, $1", &["x".into()]).await;
        assert!(matches!(missing, Err(Error::Parameters { expected: 2, given: 1 })), "{missing:?}");
        assert_eq!(rig.ask("SELECT 1 AS a, 2 AS a", &[]).await, r#"[{"a":1,"a":2}]"#);
        assert_eq!(rig.ask("SELECT 1 AS one", &["unused".into()]).await, r#"[{"one":1}]"#);
        if rig.engine() == Engine::Sqlite {
            let rows = rig.ask("SELECT ? AS a, ? AS b", &[1.into(), "z".into()]).await;
            assert_eq!(rows, r#"[{"a":1,"b":"z"}]"#);
        }
    }
}

#[tokio::test]
async fn values_are_never_read_as_sql() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE t (a TEXT)", &[]).await;
        for value in ["'", "''); DELETE FROM t; --", "\\", "\\'", "$1", "E'\\", "\"", "');", "${x}"] {
            rig.ask("INSERT INTO t VALUES ($1)", &[value.into()]).await;
            let rows = rig.ask("SELECT a FROM t WHERE a = $1", &[value.into()]).await;
            assert!(rows.starts_with("[{\"a\":"), "{value}: {rows}");
        }
        assert_eq!(rig.ask("SELECT count(*) AS n FROM t", &[]).await, r#"[{"n":9}]"#);
        let zero = rig.db.raw("INSERT INTO t VALUES ($1)", &["a\0b".into()]).await;
        match rig.engine() {
            Engine::Sqlite => assert!(zero.is_ok()),
            Engine::Postgres => assert!(matches!(zero, Err(Error::Sql(_))), "{zero:?}"),
        }
    }
}

#[tokio::test]
async fn views_show_what_they_are_meant_to() {
    for rig in rigs().await {
        for view in ["happyview_records", "records", "\"records\"", "HAPPYVIEW_RECORDS"] {
            let rows = rig.ask(&format!("SELECT uri, record FROM {view} ORDER BY uri"), &[]).await;
            let both =
                r#"[{"uri":"at://did:plc:a/1","record":"one"},{"uri":"at://did:plc:a/2","record":"two"}]"#;
            assert_eq!(rows, both);
            let count = rig.ask(&format!("SELECT count(*) AS n FROM {view}"), &[]).await;
            assert_eq!(count, r#"[{"n":2}]"#);
        }
        assert_eq!(rig.ask("SELECT * FROM happyview_lexicons", &[]).await, r#"[{"id":"com.example.note"}]"#);
        rig.ask("CREATE TABLE seen AS SELECT uri FROM records", &[]).await;
        let rows = rig
            .ask("WITH r AS (SELECT uri FROM records) SELECT count(*) AS n FROM r JOIN seen USING (uri)", &[])
            .await;
        assert_eq!(rows, r#"[{"n":2}]"#);
    }
}

#[tokio::test]
async fn tables_are_written_and_last() {
    for rig in rigs().await {
        rig.ask(
            "CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, a TEXT UNIQUE, b BIGINT DEFAULT 5 CHECK (b > 0),
             c BIGINT GENERATED ALWAYS AS (b * 2) STORED, d BIGINT REFERENCES t (id))",
            &[],
        )
        .await;
        rig.ask("INSERT INTO t (id, a) VALUES (1, 'x')", &[]).await;
        let rows = rig
            .ask(
                "INSERT INTO t (id, a, d) VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET b = t.b + 1 RETURNING b, c",
                &[],
            )
            .await;
        assert_eq!(rows, r#"[{"b":6,"c":12}]"#);
        assert!(matches!(rig.fail("INSERT INTO t (id, b) VALUES (2, -1)").await, Error::Sql(_)));
        assert!(matches!(rig.fail("INSERT INTO t (id, a) VALUES (2, 'x')").await, Error::Sql(_)));
        assert_eq!(rig.reopen().await.raw("SELECT c FROM t", &[]).await.unwrap().as_str(), r#"[{"c":12}]"#);
        assert_eq!(rig.ask("DELETE FROM t RETURNING id", &[]).await, r#"[{"id":1}]"#);
        assert_eq!(rig.ask("WITH x AS (SELECT 7 AS n) INSERT INTO t (id) SELECT n FROM x", &[]).await, "[]");
        assert_eq!(rig.ask("UPDATE t SET a = 'y' RETURNING a", &[]).await, r#"[{"a":"y"}]"#);
    }
}

#[tokio::test]
async fn a_table_may_be_called_like_a_hidden_one() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE repos (did TEXT)", &[]).await;
        assert_eq!(rig.ask("SELECT count(*) AS n FROM repos", &[]).await, r#"[{"n":0}]"#);
        rig.ask("CREATE TABLE notes (body TEXT)", &[]).await;
        assert_eq!(rig.ask("SELECT count(*) AS n FROM records", &[]).await, r#"[{"n":2}]"#);
    }
}
