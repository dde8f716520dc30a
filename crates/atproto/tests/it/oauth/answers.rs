//! Answers of servers.

use atproto::oauth::{Callback, Challenge, ErrorAnswer, PushedRequest, TokenResponse};
use serde_json::{Value, json};

use super::{bytes, member};
use crate::tokens::with;
use crate::vectors;

#[test]
fn real_answers_are_read() {
    let capture = vectors::json("oauth/capture.json");
    let token = TokenResponse::parse(&bytes(&capture["token_response"])).unwrap();
    assert_eq!(token.sub.as_str(), "did:plc:ty3p2jzfx7ycehsnbv5nmz4w");
    assert_eq!(token.expires_in, Some(3599));
    assert!(token.refresh_token.as_ref().unwrap().starts_with("ref-"));
    assert!(!format!("{token:?}").contains(&token.access_token));
    assert!(!format!("{token:?}").contains(token.refresh_token.as_ref().unwrap()));
    let error = ErrorAnswer::parse(&bytes(&capture["token_endpoint_error"])).unwrap();
    assert_eq!(error.error, ErrorAnswer::USE_DPOP_NONCE);
    assert_eq!(error.description.unwrap(), "Authorization server requires nonce in DPoP proof");
    let challenge = capture["resource_server_challenge"].as_str().unwrap();
    assert!(Challenge::parse(challenge).unwrap().wants_nonce());
    let (_, query) = capture["redirect"].as_str().unwrap().split_once('?').unwrap();
    let callback = Callback::parse(query).unwrap();
    assert_eq!(callback.iss, "http://localhost:2583");
    assert!(callback.code.unwrap().starts_with("cod-"));
}

#[test]
fn tokens_are_bound_and_fit_into_headers() {
    let valid = vectors::json("oauth/capture.json")["token_response"].clone();
    let parse = |document: &Value| TokenResponse::parse(&bytes(document));
    for (name, value) in [
        ("token_type", json!("Bearer")),
        ("access_token", json!("")),
        ("access_token", json!("a b")),
        ("access_token", json!("a\r\nHost: evil")),
        ("refresh_token", json!("")),
        ("refresh_token", json!("ä")),
        ("scope", json!("")),
        ("scope", json!("atprotoo")),
    ] {
        assert_eq!(member(parse(&with(&valid, name, Some(value)))), name);
    }
    for name in ["token_type", "access_token", "scope", "sub"] {
        assert_eq!(member(parse(&with(&valid, name, None))), "?");
    }
    assert_eq!(member(parse(&with(&valid, "sub", Some("user0000.test".into())))), "?");
    assert_eq!(member(parse(&with(&valid, "expires_in", Some((-1).into())))), "?");
    assert!(parse(&with(&with(&valid, "refresh_token", None), "expires_in", None)).is_ok());
    assert!(parse(&with(&valid, "token_type", Some("dpop".into()))).is_ok());
}

#[test]
fn other_answers_are_read() {
    let pushed = PushedRequest::parse(br#"{"request_uri":"urn:x","expires_in":299}"#).unwrap();
    assert_eq!((pushed.request_uri.as_str(), pushed.expires_in), ("urn:x", 299));
    assert_eq!(member(PushedRequest::parse(br#"{"request_uri":"","expires_in":299}"#)), "request_uri");
    assert_eq!(member(PushedRequest::parse(br#"{"expires_in":299}"#)), "?");
    let error = ErrorAnswer::parse(br#"{"error":"ExpiredToken","message":"it has"}"#).unwrap();
    assert_eq!((error.error.as_str(), error.description.as_deref()), ("ExpiredToken", Some("it has")));
    assert_eq!(member(ErrorAnswer::parse(b"<html>")), "?");
    let long = json!({"error": "e".repeat(500), "error_description": "d".repeat(500)});
    let long = ErrorAnswer::parse(&bytes(&long)).unwrap();
    assert!(long.error.len() < 100 && long.description.unwrap().len() < 100, "only excerpts are kept");
}
