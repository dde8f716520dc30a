//! `belvedere config`, and configurations that cannot be used.

use serde_json::Value;

use crate::place::{bare, outcome};

#[test]
fn every_value_has_an_origin() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".env"), "HOST=::1\n").unwrap();
    std::fs::create_dir(dir.path().join("data")).unwrap();
    std::fs::write(dir.path().join("data/belvedere.toml"), "relay_url = \"https://relay.example\"\n")
        .unwrap();
    let mut command = bare(dir.path());
    command.env("PLC_URL", "https://plc.example").env("DATABASE_URL", "postgres://me:secret@db/x");
    command.env("MASTER_SECRET", "a secret of more than 32 bytes, hidden");
    let outcome = outcome(command.args(["config", "--port", "81", "--json"]));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(!outcome.stdout.contains("secret@") && !outcome.stdout.contains("hidden"), "{outcome:?}");
    let lines: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let origin = |key: &str| {
        let line = lines.as_array().unwrap().iter().find(|line| line["key"] == key).unwrap();
        (line["value"].as_str().map(str::to_owned), line["origin"].as_str().unwrap().to_owned())
    };
    assert_eq!(origin("port"), (Some("81".into()), "flag --port".into()));
    assert_eq!(
        origin("plc_url"),
        (Some("https://plc.example".into()), "environment variable PLC_URL".into())
    );
    assert_eq!(origin("host"), (Some("::1".into()), "variable HOST in .env".into()));
    assert_eq!(
        origin("relay_url"),
        (Some("https://relay.example".into()), "file data/belvedere.toml".into())
    );
    assert_eq!(origin("metrics_port"), (Some("0".into()), "default".into()));
    assert_eq!(origin("cache_url"), (None, "default".into()));
    assert_eq!(origin("master_secret"), (Some("***".into()), "environment variable MASTER_SECRET".into()));
}

#[test]
fn mistakes_end_with_2_and_two_lines() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, problem) in [
        (["serve", "--port", "x"], "error: port: `x` is not a port from 0 to 65535 (flag --port)"),
        (
            ["serve", "--apps", "appview,blog"],
            "error: apps: there is no app `blog`; this version of Belvedere has: appview, sync, registry, social (flag --apps)",
        ),
        (
            ["key", "list", "--config=missing.toml"],
            "error: missing.toml: No such file or directory (os error 2)",
        ),
    ] {
        let outcome = outcome(bare(dir.path()).args(arguments));
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{outcome:?}");
        assert_eq!(lines[0], problem);
        assert!(lines[1].starts_with("help: "), "{outcome:?}");
    }
}

#[test]
fn secrets_have_no_flag_and_are_not_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let flag = outcome(bare(dir.path()).args(["serve", "--master-secret", "x"]));
    assert_eq!(flag.code, Some(2));
    assert!(flag.stderr.contains("unexpected argument '--master-secret'"), "{flag:?}");
    let short = outcome(bare(dir.path()).env("MASTER_SECRET", "hush").args(["key", "list"]));
    assert_eq!(short.code, Some(2));
    assert!(short.stderr.starts_with("error: master_secret: it has 4 bytes"), "{short:?}");
    assert!(!short.stderr.contains("hush"), "{short:?}");
}

#[test]
fn a_wrong_value_is_listed_before_it_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let outcome = outcome(bare(dir.path()).env("PORT", "http").arg("config"));
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome.stdout.lines().any(|line| line.starts_with("port") && line.contains("http")),
        "{outcome:?}"
    );
}

#[test]
fn commands_that_look_do_not_make_a_database() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["record", "count"][..],
        &["lexicon", "list"],
        &["user", "list"],
        &["key", "list"],
        &["client", "list"],
        &["state"],
    ] {
        let outcome = outcome(bare(dir.path()).args(arguments));
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.starts_with("error: there is no database in data\nhelp: "), "{outcome:?}");
    }
    assert!(!dir.path().join("data").exists());
}

#[test]
fn version_says_what_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let outcome = outcome(bare(dir.path()).args(["version", "--json"]));
    let version: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["apps"], serde_json::json!(["appview", "sync", "registry", "social"]));
}
