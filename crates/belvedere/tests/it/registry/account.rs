//! `belvedere registry account`

use serde_json::{Value, json};
use testkit::databases;

use super::{ALICE, PASSWORD, hold_of, keep, send, with_password};
use crate::place::Place;
use crate::state_of::{event_log, state_of};

#[tokio::test(flavor = "multi_thread")]
async fn is_made_listed_and_removed() {
    for database in databases().await {
        let place = Place::on(database);
        let nothing = || place.failure(&["registry", "account", "list"]);
        assert!(place.database.dir().is_none() || nothing().contains("no database"));
        let added = with_password(&place, &["add", "Alice.test"], &format!("{PASSWORD}\n"));
        assert_eq!(added.code, Some(0), "{added:?}");
        let added: Value = serde_json::from_str(&added.stdout).unwrap();
        assert_eq!(added, json!({ "did": ALICE, "handle": "alice.test" }));
        let listed = place.json(&["registry", "account", "list"]);
        assert_eq!((&listed[0]["did"], &listed[0]["handle"]), (&json!(ALICE), &json!("alice.test")));
        assert!(place.text(&["registry", "account", "list"]).contains(ALICE));
        let other = with_password(&place, &["password", "@alice.test"], "battery staple");
        assert_eq!(other.stdout.trim(), "{\n  \"did\": \"did:web:alice.test\"\n}", "{other:?}");

        let hold = hold_of(&place).await;
        let layer = send(&hold, "layer").await;
        keep(&hold, ALICE, &layer).await;
        let refused = place.failure(&["registry", "account", "remove", "alice.test"]);
        assert!(refused.contains("nobody is there to be asked") && refused.contains("--yes"), "{refused}");
        assert_eq!(place.json(&["registry", "usage"])[0]["blobs"], 1);
        let removed = place.json(&["registry", "account", "remove", ALICE, "--yes"]);
        assert_eq!(removed["removed"]["handle"], "alice.test");
        assert_eq!(place.json(&["registry", "account", "list"]), json!([]));
        assert_eq!(place.json(&["registry", "usage"]), json!([]));
        let told: Vec<Value> =
            event_log(&place).await.into_iter().map(|event| json!([event[0], event[1]])).collect();
        let kinds = ["created", "password_set", "deleted"];
        assert_eq!(told, kinds.map(|kind| json!([format!("registry_account.{kind}"), ALICE])));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_its_devices_along() {
    for database in databases().await {
        let place = Place::on(database);
        with_password(&place, &["add", "alice.test"], PASSWORD);
        let state = state_of(&place).await;
        let filled = state.write(|conn| {
            conn.batch(
                "INSERT INTO registry_devices (id, did, handle, name, secret_hash, ip_address, user_agent, created_at)
                 VALUES ('a', 'did:web:alice.test', 'alice.test', 'laptop', 'x', '', '', 0),
                        ('b', 'did:web:bob.test', 'bob.test', 'laptop', 'y', '', '', 0);
                 INSERT INTO browser_sessions (id, token_hash, did, created_at, rotated_at, expires_at)
                 VALUES ('c', 'x', 'did:web:alice.test', 0, 0, 0), ('d', 'y', 'did:web:bob.test', 0, 0, 0);
                 INSERT INTO registry_links (owner_did, repository, digest, size, created_at)
                 VALUES ('did:web:alice.test', 'app', 'd', 1, 0), ('did:web:bob.test', 'app', 'd', 1, 0)",
            )
        });
        filled.await.map_err(|error: store::Error| error).unwrap();
        place.json(&["registry", "account", "remove", "alice.test", "--yes"]);
        let left = state.read(|conn| {
            conn.query_one(
                "SELECT (SELECT COUNT(*) FROM registry_devices WHERE revoked_at IS NULL),
                        (SELECT COUNT(*) FROM registry_links WHERE owner_did = 'did:web:bob.test'),
                        (SELECT COUNT(*) FROM registry_links),
                        (SELECT COUNT(*) FROM browser_sessions WHERE did = 'did:web:bob.test'),
                        (SELECT COUNT(*) FROM browser_sessions)",
                &[],
                |row| Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?]),
            )
        });
        assert_eq!(left.await.map_err(|error: store::Error| error).unwrap(), [1, 1, 1, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_with_what_to_do() {
    let place = Place::on(testkit::TestDatabase::sqlite());
    with_password(&place, &["add", "alice.test"], PASSWORD);
    let long = "x".repeat(1025);
    let long = long.as_str();
    for (arguments, password, problem, help) in [
        (["add", "alice.test"], PASSWORD, "did:web:alice.test is taken", "registry account list"),
        (["add", "bob.test"], "short", "8 to 1024 bytes", "choose another one"),
        (["add", "bob.test"], long, "8 to 1024 bytes", "choose another one"),
        (["add", "bob"], PASSWORD, "`bob` is not a handle", "alice.example.com"),
        (["password", "bob.test"], PASSWORD, "there is no account bob.test", "registry account add"),
        (["password", "alice.test"], "short", "8 to 1024 bytes", "choose another one"),
    ] {
        let outcome = with_password(&place, &arguments, password);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{outcome:?}");
        assert!(lines[0].starts_with("error: ") && lines[0].contains(problem), "{outcome:?}");
        assert!(lines[1].starts_with("help: ") && lines[1].contains(help), "{outcome:?}");
        assert!(!outcome.stderr.contains(password), "a password is not repeated");
    }
    let unasked = place.failure(&["registry", "account", "add", "bob.test"]);
    assert!(unasked.contains("--password-stdin"), "{unasked}");
    assert_eq!(place.json(&["registry", "account", "list"]).as_array().unwrap().len(), 1);
}
