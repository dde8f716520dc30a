//! Metadata of clients.

use atproto::oauth::{ClientMetadata, DocumentError};
use serde_json::{Value, json};

use super::{bytes, member};
use crate::tokens::with;
use crate::vectors;

const CLIENT_ID: &str = "https://app.example.com/oauth/client.json";

fn client() -> Value {
    json!({
        "client_id": CLIENT_ID,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "atproto transition:generic",
        "redirect_uris": ["https://app.example.com/callback"],
        "dpop_bound_access_tokens": true,
        "token_endpoint_auth_method": "none",
        "client_uri": "https://app.example.com",
    })
}

fn confidential() -> Value {
    let client = with(&client(), "token_endpoint_auth_method", Some("private_key_jwt".into()));
    let client = with(&client, "token_endpoint_auth_signing_alg", Some("ES256".into()));
    with(&client, "jwks", Some(vectors::json("oauth/flaskdemo-jwks.json")))
}

fn native() -> Value {
    let client = with(&client(), "application_type", Some("native".into()));
    with(&client, "redirect_uris", Some(json!(["com.example.app:/callback"])))
}

fn parse_client(document: &Value) -> Result<ClientMetadata, DocumentError> {
    let client_id = document["client_id"].as_str().unwrap_or_default();
    ClientMetadata::parse(&bytes(document), client_id)
}

#[test]
fn real_clients_keep_to_the_profile() {
    for file in ["flaskdemo", "smokesignal", "statusphere"] {
        let document = vectors::json(&format!("oauth/{file}-client-metadata.json"));
        let metadata = parse_client(&document).unwrap_or_else(|error| panic!("{file}: {error}"));
        let written = serde_json::to_value(&metadata).unwrap();
        assert_eq!(parse_client(&written), Ok(metadata));
        assert!(written.as_object().unwrap().values().all(|value| !value.is_null()));
    }
    for document in [client(), confidential(), native()] {
        assert!(parse_client(&document).is_ok());
    }
}

#[test]
fn a_client_is_what_its_id_says() {
    let elsewhere = ClientMetadata::parse(&bytes(&client()), "https://app.example.com/oauth/other.json");
    assert_eq!(member(elsewhere), "client_id");
    for id in [
        "http://app.example.com/client.json",
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/oauth/",
        "https://app.example.com/client.json#x",
        "https://me@app.example.com/client.json",
        "https://192.0.2.1/client.json",
        "https://[2001:db8::1]/client.json",
        "https://localhost/client.json",
        "https://app.localhost/client.json",
        "https://app.example.com/a/../client.json",
        "https://APP.example.com/client.json",
        "https://app.example.com:443/client.json",
        "nonsense",
    ] {
        let client = with(&with(&client(), "client_id", Some(id.into())), "client_uri", None);
        assert_eq!(member(parse_client(&client)), "client_id", "{id}");
    }
}

#[test]
fn a_client_asks_for_what_the_profile_allows() {
    for (name, value) in [
        ("grant_types", json!(["refresh_token"])),
        ("response_types", json!(["token"])),
        ("scope", json!("atprotoo transition:generic")),
        ("scope", json!("")),
        ("dpop_bound_access_tokens", json!(false)),
        ("redirect_uris", json!([])),
    ] {
        assert_eq!(member(parse_client(&with(&client(), name, Some(value)))), name);
    }
    assert_eq!(
        member(parse_client(&with(&client(), "dpop_bound_access_tokens", None))),
        "dpop_bound_access_tokens"
    );
    for (name, value) in [
        ("application_type", json!("service")),
        ("token_endpoint_auth_method", json!("client_secret_post")),
        ("redirect_uris", json!("https://app.example.com/callback")),
    ] {
        assert_eq!(member(parse_client(&with(&client(), name, Some(value)))), "?");
    }
    for name in ["grant_types", "response_types", "scope", "redirect_uris", "token_endpoint_auth_method"] {
        assert_eq!(member(parse_client(&with(&client(), name, None))), "?");
    }
}

#[test]
fn users_are_sent_back_to_the_client_alone() {
    let redirect =
        |client: &Value, uri: &str| parse_client(&with(client, "redirect_uris", Some(json!([uri]))));
    for uri in ["https://app.example.com/cb?x=1", "https://other.example.org/cb"] {
        assert!(redirect(&client(), uri).is_ok(), "{uri}");
    }
    for uri in [
        "http://app.example.com/cb",
        "https://localhost/cb",
        "https://127.0.0.1/cb",
        "https://[::1]/cb",
        "http://127.0.0.1/cb",
        "com.example.app:/cb",
        "https://app.example.com/cb#x",
        "https://me@app.example.com/cb",
        "https://:me@app.example.com/cb",
        "javascript:alert(1)",
        "/cb",
    ] {
        assert_eq!(member(redirect(&client(), uri)), "redirect_uris", "{uri}");
    }
    for uri in ["http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", "http://[::1]/cb", "com.example.app:/cb"] {
        assert!(redirect(&native(), uri).is_ok(), "{uri}");
    }
    for uri in [
        "https://app.example.com/cb",
        "http://localhost/cb",
        "http://127.0.0.2/cb",
        "http://app.example.com/cb",
        "com.example.other:/cb",
        "com.example:/cb",
        "com.example.app:cb",
        "com.example.app://cb",
        "com.example.app:/cb#x",
        "com.example.app:/c\tb",
        " com.example.app:/cb",
        "javascript:/x",
    ] {
        assert_eq!(member(redirect(&native(), uri)), "redirect_uris", "{uri}");
    }
    let both = json!(["https://app.example.com/cb", "http://app.example.com/cb"]);
    assert_eq!(member(parse_client(&with(&client(), "redirect_uris", Some(both)))), "redirect_uris");
    let one_label = with(&native(), "client_id", Some("https://app/client.json".into()));
    let one_label = with(&with(&one_label, "client_uri", None), "redirect_uris", Some(json!(["app:/cb"])));
    assert_eq!(member(parse_client(&one_label)), "redirect_uris");
}

#[test]
fn registered_redirects_match_exactly_but_for_loopback_ports() {
    let allows = |registered: &str, uri: &str| {
        let client = if registered.starts_with("https") { client() } else { native() };
        parse_client(&with(&client, "redirect_uris", Some(json!([registered])))).unwrap().allows_redirect(uri)
    };
    let web = "https://app.example.com/cb";
    assert!(allows(web, web));
    for uri in
        ["https://app.example.com:8443/cb", "https://app.example.com/cb?x", "https://app.example.com/cb/", ""]
    {
        assert!(!allows(web, uri), "{uri}");
    }
    assert!(allows("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"));
    assert!(allows("http://[::1]/cb", "http://[::1]:49152/cb"));
    assert!(allows("http://127.0.0.1:8080/cb", "http://127.0.0.1:8080/cb"));
    assert!(!allows("http://127.0.0.1:8080/cb", "http://127.0.0.1:8081/cb"));
    for uri in [
        "http://127.0.0.1:1/other",
        "http://localhost:1/cb",
        "http://[::1]:1/cb",
        "https://127.0.0.1:1/cb",
        "http://127.0.0.1:1/cb?x",
        "http://me@127.0.0.1:1/cb",
        "http://127.0.0.1.evil.test/cb",
    ] {
        assert!(!allows("http://127.0.0.1/cb", uri), "{uri}");
    }
}

#[test]
fn a_confidential_client_has_keys() {
    let alg = "token_endpoint_auth_signing_alg";
    assert_eq!(member(parse_client(&with(&confidential(), alg, None))), alg);
    assert_eq!(member(parse_client(&with(&confidential(), alg, Some("none".into())))), alg);
    assert_eq!(member(parse_client(&with(&confidential(), "jwks", None))), "jwks");
    let both = with(&confidential(), "jwks_uri", Some("https://app.example.com/jwks".into()));
    assert_eq!(member(parse_client(&both)), "jwks");
    assert!(parse_client(&with(&both, "jwks", None)).is_ok());
    let open = with(&with(&both, "jwks", None), "jwks_uri", Some("http://app.example.com/jwks".into()));
    assert_eq!(member(parse_client(&open)), "jwks_uri");
    let local = with(&open, "jwks_uri", Some("http://localhost/jwks".into()));
    assert_eq!(member(parse_client(&local)), "jwks_uri");
    let empty = with(&confidential(), "jwks", Some(json!({"keys": []})));
    assert_eq!(member(parse_client(&empty)), "jwks");
    let installed = with(&confidential(), "application_type", Some("native".into()));
    let installed = with(&installed, "redirect_uris", Some(json!(["com.example.app:/callback"])));
    assert_eq!(member(parse_client(&installed)), "token_endpoint_auth_method");
}

#[test]
fn links_are_safe_to_show() {
    for link in ["logo_uri", "tos_uri", "policy_uri"] {
        assert!(parse_client(&with(&client(), link, Some("https://cdn.test/x".into()))).is_ok());
        for uri in ["http://app.example.com/x", "javascript:alert(1)", "data:text/html,x", ""] {
            assert_eq!(member(parse_client(&with(&client(), link, Some(uri.into())))), link, "{uri}");
        }
    }
    let home = |uri: &str| parse_client(&with(&client(), "client_uri", Some(uri.into())));
    for uri in
        ["https://app.example.com", "https://app.example.com/", "https://app.example.com/oauth", CLIENT_ID]
    {
        assert!(home(uri).is_ok(), "{uri}");
    }
    for uri in [
        "https://example.com",
        "http://app.example.com",
        "https://app.example.com:8443/",
        "https://app.example.com/other",
        "https://app.example.com/oaut",
        "https://me@app.example.com",
        "https://app.example.com#x",
        "javascript:alert(1)",
    ] {
        assert_eq!(member(home(uri)), "client_uri", "{uri}");
    }
}
