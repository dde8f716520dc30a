//! `belvedere user`

use serde_json::{Value, json};
use testkit::{TestDatabase, databases};

use crate::place::Place;
use crate::state_of::event_log;

const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const BOB: &str = "did:web:bob.example.com";

fn permissions(user: &Value) -> usize {
    user["permissions"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_added_changed_and_removed() {
    for database in databases().await {
        let place = Place::on(database);
        let more = ["--template", "viewer", "--permission", "lexicons:create"];
        let alice = place.json(&[&["user", "add", ALICE], &more[..]].concat());
        assert_eq!(alice["did"], ALICE);
        assert_eq!(alice["is_super"], false);
        assert_eq!(permissions(&alice), 11);
        let error = place.failure(&["user", "add", ALICE]);
        assert!(error.starts_with(&format!("error: there is already a user with the DID {ALICE}\nhelp: ")));

        let id = alice["id"].as_str().unwrap();
        assert_eq!(place.json(&["user", "show", id]), alice);
        assert_eq!(place.json(&["user", "show", ALICE]), alice);
        let granted = place.json(&["user", "grant", id, "--permission", "records:delete"]);
        assert_eq!(permissions(&granted), 12);
        let revoked = place.json(&["user", "revoke", ALICE, "--template", "viewer"]);
        assert_eq!(revoked["permissions"], json!(["lexicons:create", "records:delete"]));
        let removed = place.json(&["user", "remove", ALICE]);
        assert_eq!(removed["removed"]["id"], id);
        assert_eq!(place.json(&["user", "list"]), json!([]));

        let log = event_log(&place).await;
        let told: Vec<&Value> = log.iter().map(|event| &event[0]).collect();
        assert_eq!(
            told,
            ["user.created", "user.permissions_updated", "user.permissions_updated", "user.deleted"]
        );
        assert_eq!(log[1][1], ALICE);
        assert_eq!(log[1][2], json!({ "granted": ["records:delete"], "revoked": [] }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_super_user_and_it_stays() {
    for database in databases().await {
        let place = Place::on(database);
        let added = place.run(&["user", "add", ALICE]);
        assert!(added.stderr.starts_with("note: nobody is the super user"), "{added:?}");
        assert_eq!(place.json(&["user", "transfer-super", ALICE])["is_super"], true);
        assert_eq!(place.run(&["user", "add", BOB]).stderr, "", "there is one");
        let error = place.failure(&["user", "remove", ALICE]);
        assert!(error.contains("the super user cannot be changed or deleted\nhelp: "), "{error}");
        assert!(error.contains("belvedere user transfer-super"), "{error}");

        place.json(&["user", "transfer-super", BOB]);
        let listed = place.json(&["user", "list"]);
        let supers: Vec<&Value> = listed.as_array().unwrap().iter().map(|user| &user["is_super"]).collect();
        assert_eq!(supers, [false, true]);
        let text = place.text(&["user", "list"]);
        assert!(text.lines().nth(2).unwrap().starts_with(&format!("{BOB}  ")), "{text}");
        assert!(text.contains("super user"), "{text}");
        place.json(&["user", "remove", ALICE]);
    }
}

#[test]
fn the_local_operator_is_a_user_who_cannot_sign_in() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create", "--template", "viewer"]);
    let operator = &place.json(&["user", "list"])[0];
    assert_eq!(operator["did"], Value::Null);
    assert_eq!(operator["name"], "local operator");
    assert_eq!(permissions(operator), 10);
    let error = place.failure(&["user", "transfer-super", operator["id"].as_str().unwrap()]);
    assert!(error.contains("the local operator cannot sign in"), "{error}");
    let shown = place.text(&["user", "show", operator["id"].as_str().unwrap()]);
    assert!(shown.lines().any(|line| line == "role         viewer"), "{shown}");
}

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["user", "add", ALICE]);
    for (arguments, problem, help) in [
        (&["show", "nobody"][..], "there is no user with the id `nobody`", "belvedere user list"),
        (&["show", BOB], "did:web:bob.example.com is not a user here", "belvedere user add"),
        (&["add", "nobody"], "`nobody` is neither a DID nor a handle", "alice.example.com"),
        (&["add", "alice.test"], "alice.test cannot be resolved", "name the DID"),
        (&["grant", ALICE], "no permission is named", "belvedere permission list"),
        (&["revoke", ALICE, "--permission", "all"], "unknown permission `all`", "belvedere permission list"),
    ] {
        let error = place.failure(&[&["user"], arguments].concat());
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines.len(), 2, "{error}");
        assert!(lines[0].starts_with("error: ") && lines[0].contains(problem), "{error}");
        assert!(lines[1].starts_with("help: ") && lines[1].contains(help), "{error}");
    }
}
