//! Clients without a document.

use atproto::oauth::LoopbackClient;

use super::member;
use crate::vectors;

#[test]
fn a_loopback_client_says_everything_in_its_id() {
    let capture = vectors::json("oauth/capture.json");
    let id = capture["client_id"].as_str().unwrap();
    let metadata = LoopbackClient::parse(id).unwrap().metadata();
    assert_eq!(metadata.redirect_uris, ["http://127.0.0.1:7777/callback"]);
    assert_eq!(metadata.scope, "atproto repo:com.example.demo.note blob:image/*");
    assert_eq!(serde_json::to_value(&metadata).unwrap()["application_type"], "native");
    assert_eq!(serde_json::to_value(&metadata).unwrap()["token_endpoint_auth_method"], "none");

    for id in ["http://localhost", "http://localhost/", "http://localhost?"] {
        let metadata = LoopbackClient::parse(id).unwrap().metadata();
        assert_eq!(metadata.scope, "atproto", "{id}");
        assert!(metadata.allows_redirect("http://127.0.0.1:1234/"));
        assert!(metadata.allows_redirect("http://[::1]:1234/"));
        assert!(!metadata.allows_redirect("http://localhost:1234/"));
    }
    let uris = vec!["http://127.0.0.1:3000/a?b=c&d".to_owned(), "http://[::1]/".to_owned()];
    let client = LoopbackClient::new(uris, "atproto blob:*/*").unwrap();
    assert_eq!(LoopbackClient::parse(&client.to_string()).as_ref(), Ok(&client));
    assert_eq!(client.metadata().client_id, client.to_string());
}

#[test]
fn a_loopback_client_stays_on_the_machine() {
    for (id, broken) in [
        ("http://localhost:3000", "origin"),
        ("http://localhost/path", "origin"),
        ("http://localhost.evil.test", "origin"),
        ("http://127.0.0.1", "origin"),
        ("https://localhost", "origin"),
        ("http://localhost?scope=atproto#x", "origin"),
        ("http://localhost?redirect_uri=http%3A%2F%2Flocalhost%2F", "redirect_uri"),
        ("http://localhost?redirect_uri=http%3A%2F%2Fevil.test%2F", "redirect_uri"),
        ("http://localhost?redirect_uri=https%3A%2F%2F127.0.0.1%2F", "redirect_uri"),
        ("http://localhost?redirect_uri=http%3A%2F%2Fa%40127.0.0.1%2F", "redirect_uri"),
        ("http://localhost?redirect_uri=http%3A%2F%2F%3Aa%40127.0.0.1%2F", "redirect_uri"),
        ("http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2F%23x", "redirect_uri"),
        ("http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2F%0A", "redirect_uri"),
        ("http://localhost?redirect_uri=", "redirect_uri"),
        ("http://localhost?scope=transition:generic", "scope"),
        ("http://localhost?scope=atproto&scope=atproto", "scope"),
        ("http://localhost?client_name=x", "query"),
    ] {
        assert_eq!(member(LoopbackClient::parse(id)), broken, "{id}");
    }
    let many = "&redirect_uri=http%3A%2F%2F127.0.0.1%2F".repeat(17);
    assert_eq!(member(LoopbackClient::parse(&format!("http://localhost?{many}"))), "redirect_uri");
    assert_eq!(member(LoopbackClient::new(vec![], "atproto")), "redirect_uri");
}
