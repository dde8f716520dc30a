//! `belvedere import atcr`: the devices of an ATCR registry go on working, and its counts are added.

use registry_conformance::client::Client;
use registry_conformance::{Credentials, Repository, Target};
use rusqlite::Connection;
use serde_json::Value;

use super::report;
use crate::extra::image;
use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push};

/// A secret as that registry gave it out, and bcrypt of it.
const SECRET: &str = "atcr_device_cF1z3pWv0m7k2t9bXqLr4dYhNsUeGa8oJiKfTnQwRxM";

/// The tables of an `AppView`, as far as nobody else has what is in them.
const TABLES: &str = "
    CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, applied_at TIMESTAMP);
    CREATE TABLE users (did TEXT PRIMARY KEY, handle TEXT UNIQUE, pds_endpoint TEXT, avatar TEXT, last_seen TIMESTAMP);
    CREATE TABLE devices (id TEXT PRIMARY KEY, did TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL,
        secret_hash TEXT NOT NULL, ip_address TEXT, location TEXT, user_agent TEXT, created_at TIMESTAMP, last_used TIMESTAMP);
    CREATE TABLE repository_stats (did TEXT NOT NULL, repository TEXT NOT NULL, pull_count INTEGER DEFAULT 0,
        last_pull TIMESTAMP, push_count INTEGER DEFAULT 0, last_push TIMESTAMP, PRIMARY KEY (did, repository));
    CREATE TABLE oauth_sessions (session_key TEXT PRIMARY KEY, account_did TEXT, session_id TEXT, session_data TEXT,
        created_at TIMESTAMP, updated_at TIMESTAMP);
    CREATE TABLE ui_sessions (id TEXT PRIMARY KEY, did TEXT, handle TEXT, pds_endpoint TEXT, oauth_session_id TEXT,
        expires_at TIMESTAMP, created_at TIMESTAMP);";

fn write(file: &std::path::Path) {
    let hash = bcrypt::hash_with_salt(SECRET, 4, *b"sixteen bytes of").unwrap().to_string();
    let database = Connection::open(file).unwrap();
    database.execute_batch(TABLES).unwrap();
    let devices = "INSERT INTO devices VALUES (?1, ?2, 'alice.test', 'laptop', ?3, '192.0.2.1', NULL, 'docker', '2025-01-02 03:04:05', NULL)";
    for (id, did, hash) in [
        ("0b5e9c1e-7a39-4a3e-8a55-0d6a1c7a9f10", "did:web:alice.test", &*hash),
        ("second", "did:web:alice.test", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ("third", "somebody", &hash),
    ] {
        database.execute(devices, [id, did, hash]).unwrap();
    }
    let stats = "INSERT INTO repository_stats VALUES ('did:web:alice.test', 'one', 41, '2025-03-01T00:00:00Z', 7, NULL),
        ('did:web:alice.test', 'two', -3, NULL, 7, NULL)";
    database.execute_batch(stats).unwrap();
    let left = "INSERT INTO oauth_sessions (session_key, account_did) VALUES ('k', 'did:web:alice.test');
        INSERT INTO ui_sessions (id, did) VALUES ('u', 'did:web:alice.test')";
    database.execute_batch(left).unwrap();
}

fn kind<'r>(report: &'r Value, name: &str) -> &'r Value {
    let kinds = report["kinds"].as_array().unwrap().iter();
    kinds.into_iter().find(|kind| kind["kind"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_go_on_working_and_counts_are_added_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ui.db");
    write(&file);
    let registry = Registry::start(&Blobs::Folder).await;
    let credentials = Some(Credentials { user: ALICE.to_owned(), password: SECRET.to_owned() });
    let device = Client::new(&Target { credentials, ..registry.public_target(ALICE) }).unwrap();
    let there = Repository { client: &device, name: "alice.test/one" };
    let import = |more: &[&str]| {
        let mut command = registry.options.command(&["import", "atcr"]);
        report(command.arg(&file).args(more).arg("--json"))
    };
    let tried = import(&["--dry-run"]);
    assert_eq!(
        (kind(&tried, "devices")["imported"].as_u64(), &tried["dry_run"]),
        (Some(1), &true.into()),
        "{tried}"
    );
    there.post("", bytes::Bytes::new()).await.unwrap().expect(&[401]).unwrap();

    let first = import(&[]);
    println!("{first}");
    for (name, imported, skipped) in [("devices", 1, 2), ("statistics", 1, 1)] {
        let kind = kind(&first, name);
        assert_eq!(
            (kind["imported"].as_u64(), kind["skipped"].as_u64()),
            (Some(imported), Some(skipped)),
            "{kind}"
        );
    }
    let left: Vec<_> =
        first["left_behind"].as_array().unwrap().iter().map(|left| left["rows"].as_u64()).collect();
    assert_eq!(left, [Some(1), Some(1)]);
    // The running server takes the secret that the device has always had.
    let set = image(&["v1"]);
    push(there, &set).await.unwrap();
    assert_eq!(pull(there, "v1").await.unwrap(), set.manifests[0].digest);

    let again = import(&[]);
    for name in ["devices", "statistics"] {
        let kind = kind(&again, name);
        assert_eq!((kind["imported"].as_u64(), kind["already_here"].as_u64()), (Some(0), Some(1)), "{kind}");
    }
    push(there, &image(&["v2"])).await.unwrap();
    let state = Connection::open(registry.options.data_dir.join("state.db")).unwrap();
    let sums = "SELECT pulls >= 41, pulls < 82 FROM hold_stats WHERE owner_did = 'did:web:alice.test' AND repository = 'one'";
    let sums: (bool, bool) = state.query_row(sums, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(sums, (true, true));
}
