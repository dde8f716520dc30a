//! Permission sets, and what they stand for.

use atproto::Nsid;
use atproto::oauth::scope::PermissionSet;
use serde_json::{Value, json};

use super::{nsid, set};
use crate::tokens::with;
use crate::vectors;

fn lexicon() -> Value {
    json!({
        "lexicon": 1,
        "id": "com.example.calendar.auth",
        "defs": {"main": {
            "type": "permission-set",
            "title": "Calendar",
            "permissions": [
                {"type": "permission", "resource": "repo", "collection": ["com.example.calendar.event"], "action": ["create"]},
                {"type": "permission", "resource": "repo", "collection": ["com.example.calendar.rsvp", "com.example.calendar.sub.x"]},
                {"type": "permission", "resource": "rpc", "lxm": ["com.example.calendar.list"], "aud": "*"},
                {"type": "permission", "resource": "rpc", "lxm": ["com.example.calendar.find"], "inheritAud": true},
            ],
        }},
    })
}

/// What `include:com.example.calendar.auth` with this aud stands for, given the lexicon.
fn expanded(lexicon: &Value, aud: &str) -> String {
    let found = PermissionSet::parse(lexicon.to_string().as_bytes()).unwrap();
    let scopes = set(&format!("atproto include:com.example.calendar.auth{aud}"));
    let sets: Vec<&Nsid> = scopes.includes().collect();
    assert_eq!(sets, [&nsid("com.example.calendar.auth")]);
    scopes.expand(|name| (name.as_str() == "com.example.calendar.auth").then_some(&found)).to_string()
}

#[test]
fn a_permission_set_stands_for_its_permissions() {
    let repo = "atproto repo:com.example.calendar.event?action=create \
                repo?collection=com.example.calendar.rsvp&collection=com.example.calendar.sub.x";
    let list = "rpc:com.example.calendar.list?aud=*";
    assert_eq!(expanded(&lexicon(), ""), format!("{repo} {list}"), "nothing to inherit");
    let find = "rpc:com.example.calendar.find?aud=did:web:a.test%23x";
    assert_eq!(expanded(&lexicon(), "?aud=did:web:a.test%23x"), format!("{repo} {find} {list}"));
    let unknown = set("atproto include:com.example.other").expand(|_| None);
    assert_eq!(unknown, set("atproto include:com.example.other"));
}

#[test]
fn both_sides_are_compared_expanded() {
    let found = PermissionSet::parse(lexicon().to_string().as_bytes()).unwrap();
    let expand = |text| set(text).expand(|_| Some(&found));
    let client = expand("atproto include:com.example.calendar.auth");
    assert_eq!(client.missing(&expand("include:com.example.calendar.auth")), None);
    assert_eq!(client.missing(&set("repo:com.example.calendar.event?action=create")), None);
    assert!(client.missing(&set("repo:com.example.calendar.event")).is_some());
    assert!(client.missing(&expand("include:com.example.calendar.auth?aud=did:web:a.test%23x")).is_some());
}

#[test]
fn a_permission_set_gives_away_only_what_is_its_own() {
    for permission in [
        json!({"type": "permission", "resource": "repo", "collection": ["com.example.calendarevil.x"]}),
        json!({"type": "permission", "resource": "repo", "collection": ["com.example.other"]}),
        json!({"type": "permission", "resource": "repo", "collection": ["com.example.calendar.a", "app.bsky.feed.post"]}),
        json!({"type": "permission", "resource": "repo", "collection": ["*"]}),
        json!({"type": "permission", "resource": "repo", "collection": []}),
        json!({"type": "permission", "resource": "repo", "collection": ["com.example.calendar.a"], "action": ["all"]}),
        json!({"type": "permission", "resource": "repo", "collection": ["com.example.calendar.a"], "action": []}),
        json!({"type": "permission", "resource": "rpc", "lxm": ["app.bsky.actor.getProfile"], "aud": "*"}),
        json!({"type": "permission", "resource": "rpc", "lxm": ["com.example.calendar.a"]}),
        json!({"type": "permission", "resource": "rpc", "lxm": ["com.example.calendar.a"], "aud": "*", "inheritAud": true}),
        json!({"type": "permission", "resource": "rpc", "lxm": ["com.example.calendar.a"], "aud": "did:web:a.test"}),
        json!({"type": "permission", "resource": "blob", "accept": ["*/*"]}),
        json!({"type": "permission", "resource": "account", "attr": "email"}),
        json!({"type": "other", "resource": "repo", "collection": ["com.example.calendar.a"]}),
        json!("nonsense"),
    ] {
        let mut lexicon = lexicon();
        lexicon["defs"]["main"]["permissions"] = json!([permission]);
        assert_eq!(expanded(&lexicon, "?aud=did:web:a.test%23x"), "atproto", "{permission}");
    }
}

#[test]
fn only_a_permission_set_is_one() {
    let mut record = lexicon();
    record["defs"]["main"]["type"] = "record".into();
    for lexicon in [record, json!({}), json!([]), with(&lexicon(), "id", Some("nonsense".into()))] {
        assert!(PermissionSet::parse(lexicon.to_string().as_bytes()).is_err(), "{lexicon}");
    }
    assert!(PermissionSet::parse(&vectors::bytes("lexicon/permission-set.json")).is_ok());
}
