//! Protected names in every form an author can think of (spec §10.1 row 24), and what stands behind them.

use scriptdb::Error;
use store::Engine;

use crate::rig::{SECRET, rigs};

/// `{}` is the table.
const FORMS: [&str; 24] = [
    "SELECT * FROM {}",
    "select*from {}",
    "SELECT * FROM/* */{}",
    "SELECT * FROM -- comment\n {}",
    "SELECT * FROM {} AS x",
    "SELECT {}.* FROM {}",
    "SELECT (SELECT count(*) FROM {})",
    "SELECT count(*) FROM {}",
    "SELECT 1 FROM {}",
    "SELECT EXISTS (SELECT 1 FROM {})",
    "SELECT * FROM records WHERE uri IN (SELECT CAST(id AS TEXT) FROM {})",
    "SELECT * FROM (SELECT * FROM {}) AS x",
    "SELECT * FROM records, {}",
    "SELECT * FROM records LEFT JOIN {} ON true",
    "SELECT 1 UNION ALL SELECT count(*) FROM {}",
    "WITH x AS (SELECT * FROM {}) SELECT * FROM x",
    "WITH records AS (SELECT * FROM {}) SELECT * FROM records",
    "WITH RECURSIVE x AS (SELECT 1 AS n UNION SELECT id FROM {}) SELECT * FROM x",
    "CREATE TABLE copied AS SELECT * FROM {}",
    "INSERT INTO mine SELECT id FROM {}",
    "INSERT INTO mine VALUES ((SELECT max(id) FROM {})) RETURNING id",
    "UPDATE mine SET id = (SELECT max(id) FROM {}) RETURNING id",
    "DELETE FROM mine WHERE id IN (SELECT id FROM {}) RETURNING id",
    "INSERT INTO mine VALUES (1) ON CONFLICT (id) DO UPDATE SET id = (SELECT max(id) FROM {}) RETURNING id",
];

#[tokio::test]
async fn protected_tables_are_refused_by_name() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE mine (id BIGINT PRIMARY KEY)", &[]).await;
        rig.ask("INSERT INTO mine VALUES (1)", &[]).await;
        let mut names = vec![
            "happyview_users",
            "HappyView_Users",
            "\"happyview_users\"",
            "\"HAPPYVIEW_USERS\"",
            "main.happyview_users",
            "public.\"happyview_users\"",
            "\"state\".\"happyview_users\"",
            "state/**/./**/happyview_users",
        ];
        if rig.engine() == Engine::Sqlite {
            names.extend([
                "[happyview_users]",
                "`happyview_users`",
                "'happyview_users'",
                "main.'happyview_users'",
            ]);
        }
        for (form, name) in FORMS.iter().flat_map(|form| names.iter().map(move |name| (form, name))) {
            if form.contains("records, {}") && name.starts_with('\'') {
                // A string after a comma may be a value; there is no such table.
                continue;
            }
            let sql = form.replace("{}", name);
            let error = rig.fail(&sql).await;
            assert!(
                matches!(&error, Error::Protected(found) if found == "happyview_users"),
                "{sql}: {error}"
            );
        }
        let text = rig.fail("SELECT * FROM happyview_oauth_sessions").await.to_string();
        assert_eq!(
            text,
            "db.raw cannot reference the protected internal HappyView table 'happyview_oauth_sessions'"
        );
        assert_eq!(rig.ask("SELECT id FROM mine", &[]).await, r#"[{"id":1}]"#);
    }
}

#[tokio::test]
async fn tables_behind_the_views_cannot_be_reached() {
    for rig in rigs().await {
        rig.ask("CREATE TABLE mine (id BIGINT PRIMARY KEY)", &[]).await;
        for (database, table) in
            [("state", "secrets"), ("index", "notes"), ("state", "lexicons"), ("index", "repos")]
        {
            let names = [
                table.to_owned(),
                table.to_uppercase(),
                format!("\"{table}\""),
                format!("\"{database}\".{table}"),
                format!("\"{database}\".\"{table}\""),
            ];
            for sql in FORMS.iter().flat_map(|form| names.iter().map(|name| form.replace("{}", name))) {
                rig.refuse(&sql).await;
            }
            for sql in [
                format!("INSERT INTO \"{database}\".{table} (id) VALUES (99)"),
                format!("UPDATE \"{database}\".{table} SET id = 99"),
                format!("DELETE FROM \"{database}\".{table}"),
                format!("CREATE TABLE \"{database}\".evil (a TEXT)"),
                format!("CREATE TABLE evil (a BIGINT REFERENCES \"{database}\".{table} (id))"),
            ] {
                rig.refuse(&sql).await;
            }
        }
        for sql in [
            "UPDATE records SET record = 'x'",
            "DELETE FROM happyview_records",
            "INSERT INTO happyview_records VALUES ('a', 'b')",
            "INSERT INTO happyview_lexicons VALUES ('a')",
        ] {
            rig.refuse(sql).await;
        }
    }
}

#[tokio::test]
async fn a_view_shows_no_more_whatever_is_asked_of_it() {
    for rig in rigs().await {
        for sql in [
            "SELECT * FROM records",
            "SELECT * FROM records WHERE true OR record IS NOT NULL",
            "SELECT a.record FROM records a RIGHT JOIN records b ON a.uri = b.uri",
            "WITH records AS (SELECT * FROM happyview_records) SELECT * FROM records",
            "SELECT * FROM happyview_lexicons",
            "SELECT x.* FROM happyview_lexicons AS x",
        ] {
            let rows = rig.ask(sql, &[]).await;
            assert!(!rows.contains(SECRET), "{sql}: {rows}");
        }
        for sql in ["SELECT hidden FROM records", "SELECT internal FROM happyview_lexicons"] {
            rig.refuse(sql).await;
        }
    }
}
