//! Whoever alters a backup can do no more than a script.

use store::Engine;
use store::dump::{DumpError, Existing};

use super::{Place, ask, backup, forged, put, unpack};
use crate::rig::{SECRET, rigs};

const CREATE: &str = "CREATE TABLE t (a TEXT)";

/// A backup with one table, `t`, on each engine: its lines, and an empty place on that engine.
async fn backups() -> Vec<(String, Place)> {
    let mut backups = Vec::new();
    for (rig, empty) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(&rig, &[CREATE, "INSERT INTO t VALUES ('row')"]).await;
        backups.push((unpack(&backup(&rig).await.1), Place::new(empty).await));
    }
    backups
}

/// The lines with another statement for the table.
fn with_create(lines: &str, create: &str) -> Vec<u8> {
    let line = lines.lines().find(|line| line.contains("\"name\":\"t\"")).unwrap();
    let mut mark: serde_json::Value = serde_json::from_str(line).unwrap();
    mark["script_table"]["create"] = create.into();
    forged(&lines.replace(line, &mark.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_no_script_may_run_is_not_run() {
    for (lines, place) in backups().await {
        let both = [
            "",
            "DROP TABLE t",
            "SELECT 1",
            "CREATE TABLE t (a TEXT); DROP TABLE secrets",
            "CREATE TABLE u (a TEXT)",
            "CREATE TABLE t (b TEXT)",
            "CREATE TABLE t (a TEXT, b TEXT)",
            "CREATE TABLE state.t (a TEXT)",
            "CREATE TABLE happyview_users (a TEXT)",
            "CREATE TABLE records (a TEXT)",
            "CREATE TABLE belvedere_effects (a TEXT)",
            "CREATE TEMP TABLE t (a TEXT)",
            "CREATE VIEW t AS SELECT 'x' AS a",
            "CREATE TABLE t AS SELECT secret AS a FROM secrets",
            "CREATE TABLE t AS SELECT secret AS a FROM state.secrets",
        ];
        let one: &[&str] = match place.database.engine() {
            Engine::Sqlite => &[
                "CREATE TABLE t (a TEXT CHECK (load_extension('x') IS NULL))",
                "CREATE TABLE t (a TEXT, b TEXT AS (sqlite_source_id()) VIRTUAL)",
                "CREATE VIRTUAL TABLE t USING fts5(a)",
                "CREATE TABLE t AS SELECT sql AS a FROM temp.sqlite_schema",
            ],
            Engine::Postgres => &[
                "CREATE TABLE t (a TEXT CHECK (pg_read_file('PG_VERSION') <> ''))",
                "CREATE TABLE t (a TEXT DEFAULT pg_read_file('PG_VERSION'))",
                "CREATE TABLE t AS WITH RECURSIVE n AS (SELECT 'x' AS a UNION ALL SELECT a FROM n) SELECT count(*) AS a FROM n",
                "CREATE TABLE t AS SELECT rolpassword AS a FROM \"pg_authid\"",
                "CREATE TABLE t (a TEXT CHECK (set_config('role', 'none', false) IS NOT NULL))",
            ],
        };
        for create in both.iter().chain(one) {
            let refused = place.restore(&with_create(&lines, create), Existing::Keep).await.unwrap_err();
            assert!(
                matches!(&refused, DumpError::Script { table, .. } if table == "t"),
                "{create}: {refused}"
            );
            assert!(!refused.to_string().contains(SECRET), "{create}: {refused}");
        }
        place.restore(&with_create(&lines, CREATE), Existing::Keep).await.unwrap();
        assert_eq!(ask(&place.open().await, "SELECT a FROM t").await, r#"[{"a":"row"}]"#);
    }
}

/// What reading the statement does not find, the engine does: a check runs as the scripts' role, whoever restores.
#[tokio::test(flavor = "multi_thread")]
async fn what_rows_set_off_has_a_scripts_rights() {
    for (lines, place) in backups().await {
        if place.database.engine() == Engine::Sqlite {
            continue;
        }
        let create = "CREATE TABLE t (a TEXT CHECK (a <> current_user))";
        let dump = with_create(&lines.replace("[\"row\"]", "[\"belvedere_scripts\"]"), create);
        let refused = place.restore(&dump, Existing::Keep).await.unwrap_err().to_string();
        assert!(refused.contains("violates check constraint"), "{refused}");
        let create = "CREATE TABLE t (a TEXT CHECK (has_table_privilege('state.secrets', 'SELECT') AND a IS NOT NULL))";
        let refused =
            place.restore(&with_create(&lines, create), Existing::Keep).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied") || refused.contains("violates check"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_do_not_fit_change_nothing() {
    for (lines, place) in backups().await {
        let effects = lines.lines().find(|line| line.contains("belvedere_effects")).unwrap();
        let table = lines.lines().find(|line| line.contains("\"name\":\"t\"")).unwrap();
        for altered in [
            lines.replace("[\"row\"]", "[1,2]"),
            lines.replace(table, effects),
            lines.replace(table, "{\"script_table\":{\"name\":\"t\",\"create\":null,\"columns\":[\"a\"]}}"),
            lines.replace(
                effects,
                "{\"script_table\":{\"name\":\"secrets\",\"create\":null,\"columns\":[\"id\",\"secret\"]}}",
            ),
            lines.replace("\"source\",\"fingerprint\"", "\"fingerprint\",\"source\""),
            lines.replace("\"format\":2", "\"format\":1"),
            lines.replace(effects, "{\"table\":{\"name\":\"secrets\",\"columns\":[\"id\",\"secret\"]}}"),
        ] {
            assert_ne!(altered, lines);
            let refused = place.restore(&forged(&altered), Existing::Keep).await.unwrap_err();
            assert!(matches!(refused, DumpError::Damaged(_) | DumpError::Script { .. }), "{refused}");
        }
        place.restore(&forged(&lines), Existing::Keep).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_refers_to_a_missing_one_undoes_everything() {
    for (rig, empty) in rigs().await.into_iter().zip(testkit::databases().await) {
        put(
            &rig,
            &[
                "CREATE TABLE p (a TEXT PRIMARY KEY)",
                "CREATE TABLE c (b TEXT REFERENCES p (a))",
                "INSERT INTO p VALUES ('there')",
                "INSERT INTO c VALUES ('there')",
            ],
        )
        .await;
        let (lines, place) = (unpack(&backup(&rig).await.1), Place::new(empty).await);
        let at = lines.rfind("[\"there\"]").unwrap();
        let dangling = format!("{}[\"gone\"]{}", &lines[..at], &lines[at + "[\"there\"]".len()..]);
        let refused = place.restore(&forged(&dangling), Existing::Keep).await.unwrap_err();
        assert!(matches!(&refused, DumpError::Script { table, .. } if table == "c"), "{refused}");
        place.restore(&forged(&lines), Existing::Keep).await.unwrap();
    }
}
