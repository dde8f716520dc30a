//! `belvedere key`

use serde_json::{Value, json};
use testkit::{TestDatabase, databases};

use crate::place::Place;
use crate::state_of::event_log;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_listed_and_revoked() {
    for database in databases().await {
        let place = Place::on(database);
        let made = place.json(&["key", "create", "--name", "laptop"]);
        let key = made["key"].as_str().unwrap();
        assert!(key.starts_with("hv_") && key.len() == 35, "{key}");
        assert_eq!(made["name"], "laptop");
        assert_eq!(made["permissions"].as_array().unwrap().len(), 46);

        let listed = place.json(&["key", "list"]);
        assert_eq!(listed[0]["id"], made["id"]);
        assert_eq!(listed[0]["key_prefix"], key[..11]);
        assert_eq!(listed[0]["revoked_at"], Value::Null);
        assert!(!listed.to_string().contains(key), "the key is shown once");

        let id = made["id"].as_str().unwrap();
        assert_eq!(place.json(&["key", "revoke", id]), json!({ "revoked": id }));
        assert!(place.json(&["key", "list"])[0]["revoked_at"].is_string());
        let error = place.failure(&["key", "revoke", "nobody"]);
        assert!(error.starts_with("error: there is no API key with the id `nobody`\nhelp: "), "{error}");
        let told: Vec<Value> =
            event_log(&place).await.into_iter().map(|event| json!([event[0], event[1]])).collect();
        assert_eq!(told, [json!(["api_key.created", id]), json!(["api_key.revoked", id])]);
    }
}

#[test]
fn permissions_are_those_asked_for() {
    let place = Place::on(TestDatabase::sqlite());
    let permissions = |arguments: &[&str]| {
        let made = place.json(&[&["key", "create"], arguments].concat());
        made["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(permissions(&["--permission", "lexicons:read"]), ["lexicons:read"]);
    let viewer = permissions(&["--template", "viewer"]);
    assert_eq!(viewer.len(), 10);
    let more = permissions(&["--template", "viewer", "--permission", "lexicons:create"]);
    assert_eq!(more.len(), 11);
    assert!(place.failure(&["key", "create", "--permission", "all"]).contains("unknown permission `all`"));
}

#[test]
fn text_is_the_key_and_nothing_else() {
    let place = Place::on(TestDatabase::sqlite());
    let outcome = place.run(&["key", "create"]);
    assert_eq!(outcome.stdout.len(), 36, "{outcome:?}");
    assert!(outcome.stderr.starts_with("note: this key is not shown again; its id is "), "{outcome:?}");
    let listed = place.text(&["key", "list"]);
    assert!(listed.contains("command line") && listed.contains("valid"), "{listed}");
}
