//! What `belvedere doctor` says about the master secret and the public URL.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use accounts::{Domains, Vault, VaultConfig};
use events::EventLog;
use serde_json::Value;
use testkit::{TestDatabase, databases};

use crate::dns;
use crate::place::Place;
use crate::state_of::state_of;

/// Status and detail of each finding of a check, with these variables set.
fn examine(place: &Place, check: &str, variables: &[(&str, &str)]) -> Vec<(String, String)> {
    let nowhere = "http://127.0.0.1:1";
    let mut command = place.command(&["doctor", "--dev", "--json", "--jetstream-url", "ws://127.0.0.1:1"]);
    command.args(["--plc-url", nowhere, "--relay-url", nowhere, "--dns-server", &dns::start()]);
    command.envs(variables.iter().copied());
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = report["checks"].as_array().unwrap().iter().filter(|line| line["check"] == check);
    lines.map(|line| (text(&line["status"]), text(&line["detail"]))).collect()
}

fn one(place: &Place, check: &str, variables: &[(&str, &str)]) -> (String, String) {
    let mut found = examine(place, check, variables);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn data_dir(place: &Place) -> PathBuf {
    place.path().join("data")
}

const OTHER: (&str, &str) = ("MASTER_SECRET", "another secret of 32 bytes or more");

#[tokio::test(flavor = "multi_thread")]
async fn the_master_secret_is_there_private_and_the_right_one() {
    for database in databases().await {
        let place = Place::on(database);
        place.json(&["key", "create"]);
        let (status, detail) = one(&place, "master secret", &[]);
        assert!(status == "ok" && detail.starts_with("none yet"), "{detail}");
        assert!(!data_dir(&place).join("master.key").exists(), "a doctor makes nothing");
        let (status, detail) = one(&place, "master secret", &[OTHER]);
        assert_eq!((&*status, &*detail), ("ok", "MASTER_SECRET is that of the database"), "it may become it");

        let dir = data_dir(&place);
        let config = VaultConfig { data_dir: &dir, master_secret: None, token_encryption_key: None };
        Vault::open(&config).unwrap().confirm(&state_of(&place).await).await.unwrap();
        let (status, detail) = one(&place, "master secret", &[]);
        assert_eq!((&*status, &*detail), ("ok", "master.key is that of the database"));

        let key = dir.join("master.key");
        fs::set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
        let (status, detail) = one(&place, "master secret", &[]);
        assert!(status == "fail" && detail.contains("others may read it (mode 640)"), "{detail}");
        fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(one(&place, "master secret", &[OTHER]).0, "ok", "master.key still opens what it sealed");
        fs::remove_file(&key).unwrap();
        let (status, detail) = one(&place, "master secret", &[]);
        assert!(status == "fail" && detail.starts_with("there is no master.key"), "{detail}");
        let (status, detail) = one(&place, "master secret", &[OTHER]);
        assert!(status == "fail" && detail.starts_with("MASTER_SECRET is not what"), "{detail}");
    }
}

#[test]
fn a_secret_in_a_file_that_others_may_read_is_told() {
    let place = Place::on(TestDatabase::sqlite());
    place.write(".env", &format!("{}='{}'\n", OTHER.0, OTHER.1));
    let env = place.path().join(".env");
    for (mode, expected) in [(0o644, 2), (0o600, 1)] {
        fs::set_permissions(&env, Permissions::from_mode(mode)).unwrap();
        let found = examine(&place, "master secret", &[]);
        assert_eq!(found.len(), expected, "{found:?}");
        assert!(found.iter().all(|(_, detail)| !detail.contains(OTHER.1)), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_url_is_sane_and_known_to_the_server() {
    for database in databases().await {
        let place = Place::on(database);
        place.json(&["key", "create"]);
        assert_eq!(one(&place, "public url", &[]).0, "ok");
        let plain = one(&place, "public url", &[("PUBLIC_URL", "http://view.example.com")]);
        assert!(plain.0 == "warn" && plain.1.contains("is not https"), "{plain:?}");

        let state = state_of(&place).await;
        let (log, _writer) = EventLog::open(&state, None);
        Domains::open(state, log, &"https://view.example.com".parse().unwrap()).await.unwrap();
        let known = examine(&place, "public url", &[("PUBLIC_URL", "https://view.example.com")]);
        assert_eq!(known[1], ("ok".to_owned(), "it is the primary domain of the server".to_owned()));
        let moved = examine(&place, "public url", &[("PUBLIC_URL", "https://other.example.com")]);
        assert!(moved[1].0 == "warn" && moved[1].1.contains("is not among the domains"), "{moved:?}");
        let lost = examine(&place, "public url", &[]);
        assert!(lost[1].0 == "warn" && lost[1].1.contains("makes another domain primary"), "{lost:?}");
    }
}
