//! Scopes: the vectors, and what covers what.

mod permission_set;

use crate::vectors;
use atproto::Nsid;
use atproto::oauth::scope::{RepoAction, Scope, ScopeSet, ServiceRef};

fn set(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

fn scope(text: &str) -> Scope {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Whether the scopes `granted` cover the scope `wanted`; each scope covers itself.
fn covers(granted: &str, wanted: &str) -> bool {
    assert!(set(wanted).covers(&scope(wanted)), "{wanted}");
    let covers = set(granted).covers(&scope(wanted));
    assert_eq!(set(granted).missing(&set(wanted)).is_none(), covers);
    covers
}

fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

#[test]
fn valid_vectors_are_scopes_and_print_as_equal_ones() {
    for text in vectors::lines("scopes/permission_scopes_valid.txt") {
        let parsed = scope(&text);
        assert_eq!(scope(&parsed.to_string()), parsed, "{text}");
        assert!(set(&text).contains(&parsed));
    }
}

#[test]
fn invalid_vectors_are_none() {
    for text in vectors::lines("scopes/permission_scopes_invalid.txt") {
        assert!(text.parse::<Scope>().is_err(), "{text}");
    }
}

#[test]
fn so_are_other_texts_that_could_be_mistaken() {
    let long = format!("blob?{}", "accept=image/png&".repeat(1000));
    let mime = format!("blob:image/{}", "a".repeat(128));
    for text in [
        "atproto?x=y",
        "transition:other",
        "repo:a.b.c?action=create&aud=x",
        "repo:a.b.c?collection=a.b.d",
        "repo:*?collection=*",
        "repo:a.b.*",
        "repo?collection=*&collection=nonsense",
        "rpc:*?aud=*",
        "rpc?lxm=*&lxm=a.b.c&aud=*",
        "rpc:a.b.c?aud=*&aud=*",
        "rpc:a.b.c?aud=did:web:a.test%23",
        "rpc:a.b.c?aud=did:web:a.test%23a%20b",
        "blob:image/png/x",
        "blob:image/png;q=1",
        "blob:*/png",
        "blob:/png",
        "blob:image/",
        "blob:ima,ge/*",
        &mime,
        "account:email?attr=email",
        "account?attr=email&attr=repo",
        "account:email?action=read&action=manage",
        "identity:handle?attr=handle",
        "include:a.b.c?nsid=a.b.c",
        "include?nsid=a.b.c&nsid=a.b.d",
        "include:a.b.c?aud=*",
        "repo:%",
        "répo:a.b.c",
        &long,
    ] {
        let error = text.parse::<Scope>().unwrap_err();
        assert!(error.to_string().len() < 300, "{error}");
    }
}

#[test]
fn one_meaning_has_one_text() {
    for (text, canonical) in [
        ("atproto", "atproto"),
        ("transition:chat.bsky", "transition:chat.bsky"),
        ("repo?collection=com.example.a", "repo:com.example.a"),
        ("repo?collection=com.example.a&collection=*", "repo:*"),
        ("repo:com.example.a?action=delete&action=create&action=update", "repo:com.example.a"),
        ("repo:com.example.a?action=update&action=create", "repo:com.example.a?action=create&action=update"),
        (
            "repo?action=create&collection=com.example.b&collection=com.example.a",
            "repo?collection=com.example.a&collection=com.example.b&action=create",
        ),
        (
            "rpc?aud=did%3Aweb%3Aapi.test%23frag&lxm=com.example.q",
            "rpc:com.example.q?aud=did:web:api.test%23frag",
        ),
        ("rpc:com.example.q?aud=*", "rpc:com.example.q?aud=*"),
        (
            "rpc:com.example.q?aud=did:web:localhost%253A3000%23x",
            "rpc:com.example.q?aud=did:web:localhost%253A3000%23x",
        ),
        ("blob?accept=Image/PNG", "blob:image/png"),
        ("blob?accept=video/*&accept=image/svg+xml", "blob?accept=image/svg%2Bxml&accept=video/*"),
        ("account?attr=email&action=read", "account:email"),
        ("account:repo?action=manage", "account:repo?action=manage"),
        ("identity:*?", "identity:*"),
        ("identity?attr=handle", "identity:handle"),
        ("include:com.example.a?aud=did:web:a.test#x", "include:com.example.a?aud=did:web:a.test%23x"),
    ] {
        assert_eq!(scope(text).to_string(), canonical);
    }
    let printed = set("repo:com.example.a  unknown:x\natproto atproto").to_string();
    assert_eq!(printed, "atproto repo:com.example.a unknown:x");
}

#[test]
fn records_are_covered_by_collection_and_action() {
    assert!(covers("repo:com.example.a", "repo:com.example.a?action=create"));
    assert!(covers("repo:*", "repo?collection=com.example.a&collection=com.example.b"));
    assert!(covers("repo:*?action=create", "repo:com.example.a?action=create"));
    assert!(covers(
        "repo:com.example.a repo:com.example.b",
        "repo?collection=com.example.a&collection=com.example.b"
    ));
    assert!(covers(
        "repo:com.example.a?action=create&action=update repo:*?action=delete",
        "repo:com.example.a"
    ));
    assert!(covers("transition:generic", "repo:*"));
    assert!(!covers("repo:com.example.a?action=create", "repo:com.example.a"));
    assert!(!covers("repo:com.example.a", "repo:com.example.ab"));
    assert!(!covers("repo:com.example.a", "repo?collection=com.example.a&collection=com.example.b"));
    assert!(!covers("repo:com.example.a", "repo:*"));
    assert!(!covers("atproto rpc:com.example.a?aud=* transition:chat.bsky blob:*/*", "repo:com.example.a"));
}

#[test]
fn methods_are_covered_by_name_and_service() {
    let wanted = "rpc:com.example.q?aud=did:web:a.test%23x";
    assert!(covers("rpc:com.example.q?aud=*", wanted));
    assert!(covers("rpc:*?aud=did:web:a.test%23x", wanted));
    assert!(covers("transition:generic", wanted));
    assert!(!covers("transition:chat.bsky", wanted));
    assert!(!covers("rpc:com.example.q?aud=did:web:a.test%23y", wanted));
    assert!(!covers("rpc:com.example.q?aud=did:web:b.test%23x", wanted));
    assert!(!covers("rpc:com.example.other?aud=*", wanted));
    assert!(!covers(wanted, "rpc:com.example.q?aud=*"));
    assert!(!covers(wanted, "rpc:*?aud=did:web:a.test%23x"));
    assert!(!covers("transition:generic", "rpc:*?aud=did:web:a.test%23x"), "direct messages are among them");
    assert!(!covers("transition:generic", "rpc:chat.bsky.convo.sendMessage?aud=*"));
    assert!(covers("transition:chat.bsky", "rpc:chat.bsky.convo.sendMessage?aud=*"));
    assert!(!covers("repo:com.example.q", wanted));
}

#[test]
fn blobs_are_covered_by_type() {
    assert!(covers("blob:*/*", "blob?accept=image/png&accept=video/*"));
    assert!(covers("blob:image/*", "blob:image/png"));
    assert!(covers("transition:generic", "blob:*/*"));
    assert!(!covers("blob:image/png", "blob:image/*"));
    assert!(!covers("blob:image/*", "blob:video/png"));
    assert!(!covers("blob:image/png", "blob:image/jpeg"));
    assert!(!covers("blob:image/*", "blob:*/*"));
    assert!(!covers("blob:image/*", "blob?accept=image/png&accept=video/mp4"));
}

#[test]
fn account_and_identity_are_covered_by_attribute() {
    assert!(covers("account:email?action=manage", "account:email"));
    assert!(covers("transition:email", "account:email"));
    assert!(covers("identity:*", "identity:handle"));
    assert!(!covers("account:email", "account:email?action=manage"));
    assert!(!covers("transition:email", "account:email?action=manage"));
    assert!(!covers("transition:email", "account:repo"));
    assert!(!covers("account:email", "account:repo"));
    assert!(!covers("identity:handle", "identity:*"));
    assert!(!covers("transition:generic", "account:email"));
    assert!(!covers("transition:generic", "identity:handle"));
    assert!(!covers("transition:generic", "transition:chat.bsky"));
    assert!(!covers("transition:generic", "atproto"));
    assert!(!covers("atproto", "transition:email"));
}

#[test]
fn what_is_missing_is_named() {
    let granted = set("atproto repo:com.example.a future:x");
    assert_eq!(granted.missing(&set("atproto future:x")), None);
    assert_eq!(granted.missing(&set("")), None);
    assert_eq!(granted.missing(&set("atproto repo:com.example.b")).unwrap(), "repo:com.example.b");
    assert_eq!(granted.missing(&set("future:y")).unwrap(), "future:y", "a text is covered by itself alone");
    assert_eq!(granted.missing(&set("include:com.example.auth")).unwrap(), "include:com.example.auth");
    assert!(ScopeSet::parse(&"a ".repeat(40 << 10)).is_err());
}

#[test]
fn requests_are_allowed_by_what_covers_them() {
    let granted =
        set("atproto repo:com.example.a?action=create rpc:com.example.q?aud=did:web:a.test%23x blob:image/*");
    assert!(granted.allows_repo(&nsid("com.example.a"), RepoAction::Create));
    assert!(!granted.allows_repo(&nsid("com.example.a"), RepoAction::Delete));
    assert!(!granted.allows_repo(&nsid("com.example.b"), RepoAction::Create));
    let service = |text| ServiceRef::parse(text).unwrap();
    assert!(granted.allows_rpc(&nsid("com.example.q"), &service("did:web:a.test#x")));
    assert!(!granted.allows_rpc(&nsid("com.example.q"), &service("did:web:a.test#y")));
    assert!(!granted.allows_rpc(&nsid("com.example.r"), &service("did:web:a.test#x")));
    assert!(granted.allows_blob("image/png"));
    assert!(granted.allows_blob("IMAGE/svg+xml; charset=utf-8"));
    for mime in ["video/mp4", "", "image", "*/*"] {
        assert!(!granted.allows_blob(mime), "{mime}");
    }
    for text in
        ["did:web:a.test", "did:web:a.test#", "#x", "web:a#x", "did:web:a.test#a#b", "did:web:a.test#a/b"]
    {
        assert_eq!(ServiceRef::parse(text), None, "{text}");
    }
}
