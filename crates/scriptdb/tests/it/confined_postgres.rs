//! What PostgreSQL could do for a script and does not, asked through `db.raw` and past it.

use tokio_postgres::{Client, NoTls};

use crate::rig::{SECRET, postgres};

/// The server's login, as the pool has it.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn nothing_but_tables_of_its_own() {
    let Some(rig) = postgres().await else { return };
    rig.ask("CREATE TABLE t (a TEXT)", &[]).await;
    for sql in [
        "SELECT pg_sleep(60)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT \"pg_catalog\".\"pg_read_file\"('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT * FROM pg_stat_activity",
        "SELECT pg_terminate_backend(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_notify('a', 'b')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_from_bytea(0, '\\x00')",
        "SELECT set_config('role', 'none', false)",
        "SELECT \"set_config\"('role', 'none', false)",
        "SELECT query_to_xml('SELECT * FROM state.secrets', true, true, '')",
        "SELECT dblink_connect('dbname=postgres')",
        "COPY t TO PROGRAM 'id'",
        "COPY t FROM '/etc/passwd'",
        "DO $$ BEGIN PERFORM 1; END $$",
        "SET ROLE postgres",
        "RESET ROLE",
        "SET SESSION AUTHORIZATION DEFAULT",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.x (a TEXT)",
        "CREATE TABLE scripts_views.x (a TEXT)",
        "CREATE TABLE scripts_internal.x (a TEXT)",
        "CREATE TABLE pg_temp.x (a TEXT)",
        "CREATE TABLE x (LIKE state.secrets)",
        "CREATE TABLE x () INHERITS (state.secrets)",
        "CREATE TABLE x (a TEXT DEFAULT set_config('role', 'none', false))",
        "SELECT * FROM scripts_internal.run('SELECT 1', 'rows', '{}', 1, 1)",
        "SELECT 1 INTO x",
        "SELECT secret FROM state.secrets FOR UPDATE",
        "WITH x AS (DELETE FROM state.secrets RETURNING *) SELECT * FROM x",
        "SELECT nothing FROM state.secrets",
        "SELECT 1); DROP TABLE t; --",
        "SELECT 1) AS x; DROP TABLE t",
        "SELECT 1 /* ",
    ] {
        rig.refuse(sql).await;
    }
    assert_eq!(rig.ask("SELECT count(*) AS n FROM t", &[]).await, r#"[{"n":0}]"#);
    // Not even which columns there are.
    let text = rig.fail("SELECT nothing FROM state.secrets").await.to_string();
    assert_eq!(text, "db.raw refuses this: permission denied for schema state");
    let rows = rig
        .ask("SELECT table_name FROM information_schema.tables WHERE table_schema IN ('state', 'index')", &[])
        .await;
    assert_eq!(rows, "[]");
}

/// As if the statement had not been read before: the role and the function hold it alone.
#[tokio::test]
async fn the_server_alone_holds_it() {
    let Some(rig) = postgres().await else { return };
    rig.ask("CREATE TABLE t (a TEXT)", &[]).await;
    let client = connect(&rig.database.url()).await;
    let run = async |shape: &str, sql: &str| {
        client
            .query("SELECT * FROM scripts_internal.run($1, $2, '{}', 1000, 100000)", &[&sql, &shape])
            .await
            .map(|rows| rows.iter().map(|row| row.get::<_, String>(0)).collect::<String>())
    };
    assert_eq!(run("rows", "SELECT current_user AS me").await.unwrap(), r#"{"me":"belvedere_scripts"}"#);
    for role in ["none", "postgres", "belvedere_scripts"] {
        for sql in [
            format!("SELECT pg_catalog.set_config('role', '{role}', false)"),
            format!("SELECT pg_catalog.set_config('role', '{role}', true)"),
            format!("SELECT pg_catalog.set_config('session_authorization', '{role}', false)"),
            format!(
                "SELECT pg_catalog.set_config('role', '{role}', true),
                        pg_catalog.query_to_xml('SELECT * FROM state.secrets', true, true, '')"
            ),
        ] {
            let refused = run("rows", &sql).await.unwrap_err();
            let words = refused.as_db_error().unwrap().message();
            assert!(words.contains("within security-definer function"), "{sql}: {words}");
        }
    }
    for sql in [
        "SELECT * FROM state.secrets",
        "SELECT * FROM index.notes",
        "SELECT pg_catalog.query_to_xml('SELECT * FROM state.secrets', true, true, '')",
        "SELECT pg_catalog.table_to_xml('state.secrets', true, true, '')",
        "SELECT * FROM pg_catalog.ts_stat('SELECT to_tsvector(secret) FROM state.secrets')",
        "SELECT pg_catalog.pg_read_file('/etc/passwd')",
        "SELECT pg_catalog.lo_import('/etc/passwd')",
        "SELECT * FROM scripts_internal.run('SELECT 1', 'rows', '{}', 1, 1)",
        "SELECT * FROM scripts_internal.effects",
        "SELECT rolpassword FROM pg_catalog.pg_authid",
        "COPY t TO '/tmp/x'",
        "DO $$ BEGIN END $$",
        "SET ROLE postgres",
        "RESET ROLE",
        "CREATE TABLE x (a TEXT)",
        "GRANT ALL ON t TO PUBLIC",
    ] {
        for shape in ["rows", "silent"] {
            assert!(run(shape, sql).await.is_err(), "{sql}");
        }
    }
    for sql in [
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "RESET ROLE",
        "COPY t TO PROGRAM 'id'",
        "CREATE TABLE public.x (a TEXT)",
        "CREATE TABLE x AS SELECT * FROM state.secrets",
        "CREATE EXTENSION dblink",
        "ALTER ROLE belvedere_scripts SUPERUSER",
        "ALTER FUNCTION scripts_internal.run(text, text, text[], bigint, bigint) SECURITY INVOKER",
        "DROP SCHEMA scripts_views CASCADE",
        "COMMIT",
        "SELECT 1; SET ROLE postgres; SELECT * FROM state.secrets",
    ] {
        let result = run("create", sql).await;
        assert!(result.is_err(), "{sql}: {result:?}");
    }
    let me = client.query_one("SELECT current_user::text", &[]).await.unwrap();
    assert_eq!(me.get::<_, String>(0), "postgres");
}

#[tokio::test]
async fn nothing_is_left_behind_in_the_session() {
    let Some(rig) = postgres().await else { return };
    let client = connect(&rig.database.url()).await;
    // Every connection of the pool is used at once, so that what one leaves is met by the next.
    for round in 0..3 {
        let asks =
            (0..16).map(|_| rig.ask("SELECT current_setting('search_path') AS p, current_user AS u", &[]));
        for answer in futures::future::join_all(asks).await {
            assert_eq!(answer, r#"[{"p":"scripts, scripts_views, pg_temp","u":"belvedere_scripts"}]"#);
        }
        if round == 1 {
            rig.refuse("SELECT 1 / 0").await;
            rig.refuse("SELECT nothing").await;
        }
    }
    let locks = "SELECT count(*) FROM pg_catalog.pg_stat_activity
        WHERE application_name = 'belvedere scripts' AND state LIKE 'idle in transaction%'";
    assert_eq!(client.query_one(locks, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert!(!rig.ask("SELECT * FROM records", &[]).await.contains(SECRET));
}
