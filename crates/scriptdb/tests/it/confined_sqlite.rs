//! What SQLite could do for a script and does not.

use crate::rig::{SECRET, sqlite};

#[tokio::test]
async fn nothing_but_tables_of_its_own() {
    let rig = sqlite().await;
    rig.ask("CREATE TABLE t (a TEXT)", &[]).await;
    for sql in [
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT sqlite_log(1, 'x')",
        "SELECT sqlite_compileoption_get(1)",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'y')",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM pragma_table_list",
        "SELECT * FROM pragma_function_list()",
        "SELECT count(*) FROM pragma_database_list",
        "SELECT * FROM dbstat",
        "SELECT count(*) FROM dbstat",
        "SELECT * FROM sqlite_dbpage",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM fts5vocab('a', 'b')",
        "SELECT * FROM sqlite_temp_master",
        "SELECT count(*) FROM sqlite_temp_schema",
        "SELECT * FROM temp.sqlite_master",
        "SELECT * FROM \"index\".sqlite_master",
        "SELECT count(*) FROM \"INDEX\".sqlite_schema",
        "SELECT * FROM \"state\".sqlite_schema",
        "UPDATE sqlite_master SET sql = 'x'",
        "DELETE FROM sqlite_schema",
        "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, 'x')",
        "CREATE TABLE temp.x (a TEXT)",
        "CREATE TABLE sqlite_x (a TEXT)",
        "CREATE TABLE 'happyview_users' (a TEXT)",
        "CREATE TABLE happyview_labels AS SELECT * FROM \"state\".secrets",
        "CREATE TABLE d (a TEXT DEFAULT (load_extension('x')))",
        "CREATE TABLE d (a TEXT CHECK (a IN (SELECT secret FROM secrets)))",
        "SELECT \"not a column\" FROM t",
    ] {
        rig.refuse(sql).await;
    }
    let tables =
        rig.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'belv%'", &[]).await;
    assert_eq!(tables, r#"[{"name":"t"}]"#);
}

#[tokio::test]
async fn functions_in_a_table_are_judged_when_they_run() {
    let rig = sqlite().await;
    for (number, sql) in [
        "CREATE TABLE {} (a TEXT, b TEXT AS (load_extension(a)) STORED)",
        "CREATE TABLE {} (a TEXT CHECK (load_extension(a) IS NULL))",
        "CREATE TABLE {} (a TEXT DEFAULT (sqlite_version()))",
    ]
    .iter()
    .enumerate()
    {
        let table = format!("t{number}");
        if rig.db.raw(&sql.replace("{}", &table), &[]).await.is_ok() {
            let rows = rig.db.raw(&format!("INSERT INTO {table} (a) VALUES ('x')"), &[]).await;
            let rows = rows.and(rig.db.raw(&format!("INSERT INTO {table} DEFAULT VALUES"), &[]).await);
            assert!(rows.is_err(), "{sql}: {rows:?}");
        }
    }
}

#[tokio::test]
async fn a_common_table_expression_does_not_pass_for_a_view() {
    let rig = sqlite().await;
    for name in ["records", "happyview_records", "view_0", "x"] {
        for table in ["secrets", "\"state\".secrets", "notes", "\"index\".notes"] {
            for sql in [
                format!("WITH {name} AS (SELECT * FROM {table}) SELECT * FROM {name}"),
                format!("WITH {name} AS MATERIALIZED (SELECT * FROM {table}) SELECT count(*) FROM {name}"),
                format!("WITH {name}(a) AS (SELECT (SELECT count(*) FROM {table})) SELECT a FROM {name}"),
                format!(
                    "WITH {name} AS (SELECT 1 UNION SELECT id FROM {table}) SELECT * FROM {name}, {name} b"
                ),
            ] {
                rig.refuse(&sql).await;
            }
        }
    }
}

#[tokio::test]
async fn what_the_views_are_made_of_is_not_told() {
    let rig = sqlite().await;
    for sql in [
        "SELECT nothing FROM records",
        "SELECT uri FROM records, happyview_records",
        "SELECT records.hidden FROM records",
        "SELECT n.hidden FROM records",
        "INSERT INTO records VALUES (1)",
        "SELECT * FROM records JOIN records USING (nothing)",
        "SELECT rowid FROM records",
    ] {
        if let Err(error) = rig.db.raw(sql, &[]).await {
            let text = error.to_string();
            let hex = text.split(|c: char| !c.is_ascii_hexdigit()).any(|part| part.len() >= 32);
            assert!(!hex && !text.contains(SECRET), "{sql}: {text}");
        }
    }
}

#[tokio::test]
async fn readers_and_the_writer_do_not_wait_for_each_other() {
    let rig = sqlite().await;
    rig.ask("CREATE TABLE t (a BIGINT)", &[]).await;
    let slow = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
                SELECT count(*) AS n FROM n";
    let reading = rig.db.raw(slow, &[]);
    let writing = async {
        let started = std::time::Instant::now();
        for _ in 0..20 {
            rig.ask("INSERT INTO t VALUES (1)", &[]).await;
        }
        started.elapsed()
    };
    let (read, _) = futures::join!(reading, writing);
    assert_eq!(read.unwrap().as_str(), r#"[{"n":2000000}]"#);
    assert_eq!(rig.ask("SELECT count(*) AS n FROM t", &[]).await, r#"[{"n":20}]"#);
}
