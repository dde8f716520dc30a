//! The sessions alone: what a statement that nobody has read before leaves for the next one.

use std::collections::HashSet;

use testkit::TestDatabase;

use super::PostgresScripts;
use crate::script_db::Request;
use crate::statement::{Kind, Statement};
use crate::{Error, Rows, ScriptDbConfig};

/// One connection, so that the next statement meets what the last one left.
async fn scripts(database: &TestDatabase) -> PostgresScripts {
    let config = ScriptDbConfig { connections: 1, ..ScriptDbConfig::new(database.config().location, &[]) };
    PostgresScripts::open(&database.url(), &config).await.unwrap()
}

async fn run(scripts: &PostgresScripts, kind: Kind, sql: &str) -> Result<Rows, Error> {
    let statement = Statement { sql: sql.to_owned(), kind, names: HashSet::new(), parameters: 0 };
    scripts.run(&Request { statement, params: Vec::new(), once: None }).await
}

#[tokio::test]
async fn nothing_outlives_its_statement() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let scripts = scripts(&database).await;
    let state = "SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS time,
            session_user = current_user AS outside, pg_my_temp_schema() AS temp,
            (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
            (SELECT count(*) FROM pg_class WHERE relname = 'left_behind') AS tables,
            pg_backend_pid() AS session";
    let clean = run(&scripts, Kind::Read, state).await.unwrap();
    for sql in [
        "SELECT set_config('search_path', 'public', false)",
        "SELECT set_config('statement_timeout', '0', false)",
        "SELECT set_config('statement_timeout', '0', true)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_lock_shared(2), 1 / (SELECT 0)",
        "SELECT set_config('statement_timeout', '0', false), 1 / 0",
        "SELECT nothing",
        "SELECT 1 / (SELECT 0)",
        "SELECT",
        "",
    ] {
        for kind in [Kind::Write, Kind::Read] {
            _ = run(&scripts, kind, sql).await;
            assert_eq!(run(&scripts, Kind::Read, state).await.unwrap(), clean, "{sql} as {kind:?}");
        }
    }
    run(&scripts, Kind::Create, "CREATE TEMP TABLE left_behind (a TEXT)").await.unwrap();
    let after = run(&scripts, Kind::Read, state).await.unwrap();
    assert!(after.as_str().contains(r#""tables":0"#), "{}", after.as_str());
    run(&scripts, Kind::Write, "INSERT INTO left_behind VALUES ('x')").await.unwrap_err();
}

#[tokio::test]
async fn the_role_cannot_be_left() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let scripts = scripts(&database).await;
    for sql in [
        "SELECT set_config('role', 'none', false)",
        "SELECT set_config('role', 'postgres', true)",
        "SELECT set_config('session_authorization', 'postgres', false)",
        "SELECT query_to_xml('SELECT set_config(''role'', ''none'', false)', true, true, '')",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM scripts_internal.effects",
        "SELECT pg_reload_conf()",
        "SELECT lo_export(1, '/tmp/x')",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT 1; SELECT 2",
        "COMMIT",
        "CREATE EXTENSION dblink",
    ] {
        for kind in [Kind::Read, Kind::Write, Kind::Create] {
            let result = run(&scripts, kind, sql).await;
            assert!(result.is_err(), "{sql} as {kind:?}: {result:?}");
        }
    }
    let me = run(&scripts, Kind::Read, "SELECT current_user AS me").await.unwrap();
    assert_eq!(me.as_str(), r#"[{"me":"belvedere_scripts"}]"#);
}
