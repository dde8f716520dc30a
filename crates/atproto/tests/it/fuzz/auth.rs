//! Tokens, documents and scopes.

use atproto::fuzzing::auth;
use serde_json::Value;

use super::holds;
use crate::vectors;

fn texts(lines: Vec<String>) -> Vec<Vec<u8>> {
    lines.into_iter().map(String::into_bytes).collect()
}

#[test]
fn dpop_proof() {
    let claims = r#"{"jti":"a","htm":"GET","htu":"https://a.test/x","iat":1700000000,"nonce":"n"}"#;
    holds(auth::dpop_proof, vec![claims.into(), b"e30.e30.AA".to_vec()]);
}

#[test]
fn service_token() {
    let real = vectors::json("oauth/capture.json")["service_token"].as_str().unwrap().to_owned();
    let claims = r#"{"iss":"did:plc:a#b","aud":"did:web:a.test#x","lxm":"a.b.c","exp":1700000060,"iat":1700000000,"jti":"a"}"#;
    holds(auth::service_token, vec![real.into_bytes(), claims.into()]);
}

#[test]
fn client_metadata() {
    let mut documents: Vec<Vec<u8>> = ["flaskdemo", "smokesignal", "statusphere"]
        .map(|name| vectors::bytes(&format!("oauth/{name}-client-metadata.json")))
        .into();
    documents.push(vectors::json("oauth/capture.json")["client_id"].as_str().unwrap().into());
    holds(auth::client_metadata, documents);
}

#[test]
fn oauth_answer() {
    let capture = vectors::json("oauth/capture.json");
    let answers = capture.as_object().unwrap().values().map(|answer| match answer {
        Value::String(text) => text.clone(),
        other => other.to_string().replace("http://localhost:2583", "https://a.test"),
    });
    holds(auth::oauth_answer, answers.map(String::into_bytes).collect());
}

#[test]
fn scopes() {
    let mut scopes = texts(vectors::lines("scopes/permission_scopes_valid.txt"));
    scopes.extend(texts(vectors::lines("scopes/permission_scopes_invalid.txt")));
    scopes.push(vectors::bytes("lexicon/permission-set.json"));
    holds(auth::scopes, scopes);
}

#[test]
fn plc_log() {
    let logs = ["log_bskyapp", "log_legacy_dholms", "log_tombstone"].map(|name| {
        let audit = vectors::json(&format!("plc/valid/{name}.json"));
        let log: Value = audit.as_array().unwrap().iter().map(|entry| entry["operation"].clone()).collect();
        log.to_string().into_bytes()
    });
    holds(auth::plc_log, logs.into());
}
