//! Databases of an `AppView`: of this version and others, damaged, and of another kind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use atcr::{Device, Error, Source, Stats, Table, Unreadable};
use rusqlite::Connection;
use tempfile::TempDir;

struct File {
    path: PathBuf,
    _folder: TempDir,
}

fn file(sql: &str) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ui.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    File { path, _folder: folder }
}

fn devices(source: &Source) -> Vec<Result<Device, Unreadable>> {
    let mut all = Vec::new();
    source.devices(|device| all.push(device)).unwrap();
    all
}

fn stats(source: &Source) -> Vec<Result<Stats, Unreadable>> {
    let mut all = Vec::new();
    source.stats(|stats| all.push(stats)).unwrap();
    all
}

const TABLES: &str = "
    CREATE TABLE devices (id TEXT PRIMARY KEY, did TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL,
        secret_hash TEXT NOT NULL, ip_address TEXT, location TEXT, user_agent TEXT, created_at TIMESTAMP, last_used TIMESTAMP);
    CREATE TABLE repository_stats (did TEXT NOT NULL, repository TEXT NOT NULL, pull_count INTEGER DEFAULT 0,
        last_pull TIMESTAMP, push_count INTEGER DEFAULT 0, last_push TIMESTAMP, PRIMARY KEY (did, repository));
    CREATE TABLE oauth_sessions (session_key TEXT PRIMARY KEY, account_did TEXT, session_id TEXT, session_data TEXT);";

#[test]
fn what_makes_sense_is_read_and_the_rest_is_told() {
    let file = file(&format!(
        "{TABLES}
        INSERT INTO devices VALUES ('d1', 'did:plc:a', 'a.test', 'lap' || char(27) || 'top', 'hash', '192.0.2.1', NULL, 'docker',
            '2025-01-02 03:04:05', NULL);
        INSERT INTO devices VALUES ('d2', 7, 'a.test', 'n', x'00ff', NULL, NULL, NULL, 'yesterday', 5);
        INSERT INTO devices VALUES ('d3', 'did:plc:a', hex(zeroblob(5000)), 'n', 'hash', NULL, NULL, NULL, NULL, NULL);
        INSERT INTO repository_stats VALUES ('did:plc:a', 'app', 3, 1735787045, 1, NULL);
        INSERT INTO repository_stats VALUES ('did:plc:a', 'b', -1, NULL, 1, NULL);
        INSERT INTO repository_stats VALUES ('did:plc:a', 'c', 'many', NULL, NULL, NULL);
        INSERT INTO oauth_sessions VALUES ('k', 'did:plc:a', 's', '{{}}');"
    ));
    let source = Source::open(&file.path).unwrap();
    let read = devices(&source);
    let at = 1_735_787_045_000_000;
    let first = read[0].clone().unwrap();
    assert_eq!(
        (&*first.id, &*first.name, first.created_at, first.last_used_at),
        ("d1", "lap top", Some(at), None)
    );
    assert_eq!(
        read[1].clone().unwrap_err(),
        Unreadable { name: "d2".into(), problem: "its hash is not text".into() }
    );
    assert!(read[2].clone().unwrap_err().problem.contains("longer than"));
    let read = stats(&source);
    let first = read[0].clone().unwrap();
    assert_eq!((first.pulls, first.pushes, first.last_pull), (3, 1, Some(at)));
    assert!(read[1..].iter().all(Result::is_err), "{read:?}");
    assert_eq!(
        (source.count(Table::OauthSessions).unwrap(), source.count(Table::UiSessions).unwrap()),
        (1, 0)
    );
}

#[test]
fn columns_may_be_missing_and_views_are_not_asked() {
    let file = file(
        "CREATE TABLE devices (id TEXT, did TEXT, secret_hash TEXT); INSERT INTO devices VALUES ('d', 'did:plc:a', 'h');
        CREATE TABLE real (x TEXT); CREATE VIEW repository_stats AS SELECT x AS did, x AS repository FROM real;",
    );
    let source = Source::open(&file.path).unwrap();
    assert_eq!(devices(&source)[0].clone().unwrap().handle, "");
    assert!(stats(&source).is_empty());
    assert_eq!(source.count(Table::Stats).unwrap(), 0);
}

#[test]
fn what_is_none_is_told_from_one() {
    let other = file("CREATE TABLE devices_of_others (id TEXT)");
    assert!(matches!(Source::open(&other.path), Err(Error::Foreign(_))));
    std::fs::write(
        &other.path,
        b"no database at all, but long enough to be taken for one at first sight".repeat(100),
    )
    .unwrap();
    assert!(matches!(Source::open(&other.path), Err(Error::Open { .. })));
    assert!(matches!(Source::open(&other.path.with_extension("missing")), Err(Error::Open { .. })));
}

#[test]
fn all_is_of_one_moment_and_nothing_is_written() {
    let file = file(&format!("PRAGMA journal_mode = WAL; {TABLES}"));
    let writer = Connection::open(&file.path).unwrap();
    let source = Source::open(&file.path).unwrap();
    writer
        .execute_batch("INSERT INTO repository_stats VALUES ('did:plc:a', 'app', 3, NULL, 1, NULL)")
        .unwrap();
    assert!(stats(&source).is_empty());
    assert_eq!(stats(&Source::open(&file.path).unwrap()).len(), 1);
}

#[test]
fn a_file_that_is_damaged_anywhere_ends_in_a_word() {
    let rows =
        "INSERT INTO repository_stats SELECT 'did:plc:a', 'r' || value, 1, NULL, 1, NULL FROM generate;";
    let numbers = "CREATE TEMP TABLE generate AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 2000) SELECT value FROM n;";
    let file = file(&format!("{TABLES} {numbers} {rows}"));
    let whole = std::fs::read(&file.path).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        for byte in damaged.iter_mut().skip(at).take(8) {
            *byte ^= 0x5a;
        }
        std::fs::write(&file.path, damaged).unwrap();
        if let Ok(source) = Source::open(&file.path) {
            let mut rows = 0;
            let _ = source.stats(|_| rows += 1);
            assert!(rows <= 4_000, "it ends");
        }
    }
}
