//! Help texts, and documents that are made from the program.

use crate::place::{bare, outcome};

fn help(arguments: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let outcome = outcome(bare(dir.path()).args(arguments).arg("-h"));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    outcome.stdout
}

#[test]
fn help_teaches() {
    insta::assert_snapshot!("belvedere", help(&[]));
    insta::assert_snapshot!("serve", help(&["serve"]));
    insta::assert_snapshot!("lexicon_add", help(&["lexicon", "add"]));
    insta::assert_snapshot!("script", help(&["script"]));
    insta::assert_snapshot!("script_test", help(&["script", "test"]));
    insta::assert_snapshot!("script_logs", help(&["script", "logs"]));
    insta::assert_snapshot!("dead_letter", help(&["dead-letter"]));
    insta::assert_snapshot!("record_list", help(&["record", "list"]));
    insta::assert_snapshot!("backfill", help(&["backfill"]));
    insta::assert_snapshot!("backfill_start", help(&["backfill", "start"]));
    insta::assert_snapshot!("job", help(&["job"]));
    insta::assert_snapshot!("state", help(&["state"]));
    insta::assert_snapshot!("state_backup", help(&["state", "backup"]));
    insta::assert_snapshot!("state_restore", help(&["state", "restore"]));
    insta::assert_snapshot!("state_rebuild", help(&["state", "rebuild"]));
    insta::assert_snapshot!("state_verify", help(&["state", "verify"]));
    insta::assert_snapshot!("import_happyview", help(&["import", "happyview"]));
    insta::assert_snapshot!("import_registry", help(&["import", "registry"]));
    insta::assert_snapshot!("import_atcr", help(&["import", "atcr"]));
    insta::assert_snapshot!("registry_migrate", help(&["registry", "migrate"]));
    insta::assert_snapshot!("user", help(&["user"]));
    insta::assert_snapshot!("user_add", help(&["user", "add"]));
    insta::assert_snapshot!("account", help(&["account"]));
    insta::assert_snapshot!("registry", help(&["registry"]));
    insta::assert_snapshot!("registry_account_add", help(&["registry", "account", "add"]));
    insta::assert_snapshot!("registry_crew_add", help(&["registry", "crew", "add"]));
    insta::assert_snapshot!("registry_collect", help(&["registry", "collect"]));
    insta::assert_snapshot!("social", help(&["social"]));
    insta::assert_snapshot!("import_thoughts", help(&["import", "thoughts"]));
    insta::assert_snapshot!("key_create", help(&["key", "create"]));
    insta::assert_snapshot!("client_create", help(&["client", "create"]));
}

#[test]
fn the_route_table_is_up_to_date() {
    is_up_to_date("docs/routes.md", &["routes"]);
}

#[test]
fn the_openapi_document_is_up_to_date() {
    is_up_to_date("docs/openapi.json", &["routes", "--openapi"]);
}

/// A file of the documentation is what the program prints.
fn is_up_to_date(file: &str, arguments: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    // A database that cannot be reached: what is printed does not depend on any.
    let mut command = bare(dir.path());
    command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
    let outcome = outcome(command.args(arguments));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../").to_owned() + file;
    let documented = std::fs::read_to_string(path).unwrap_or_default();
    let again = format!("write it anew: cargo run -p belvedere -- {} >{file}", arguments.join(" "));
    assert!(outcome.stdout == documented, "{again}");
}
