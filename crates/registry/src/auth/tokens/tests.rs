//! Tokens that are to be believed, and all others.

use atproto::jose::PrivateJwk;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use testkit::TestDatabase;

use super::*;

const SERVICE: &str = "registry.test";

struct Fixture {
    tokens: Tokens,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let database = TestDatabase::sqlite();
    let store = database.open(&[crate::SCHEMAS[0]]).await;
    let revoked = Revoked::open(store.state).await.unwrap();
    let key = SigningKey::of(PrivateJwk::generate());
    Fixture { tokens: Tokens::of(key, revoked, SERVICE, Duration::from_mins(5)), _database: database }
}

fn claims() -> Value {
    let now = now_seconds();
    let entry =
        json!({ "type": "repository", "name": "a.test/app", "actions": ["pull"], "did": "did:plc:abc" });
    json!({
        "iss": SERVICE, "aud": SERVICE, "sub": "did:plc:abc", "exp": now + 300, "nbf": now, "iat": now,
        "jti": "1", "access": [entry], "auth_method": "device", "handle": "a.test", "dev": "d1",
    })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_ours_and_good_now_is_believed() {
    let Fixture { tokens, .. } = &fixture().await;
    let now = now_seconds();
    let good = tokens.signed(Kind::Access, &claims()).unwrap();
    assert_eq!(tokens.verify(&good).unwrap().device.as_deref(), Some("d1"));
    for claims in [with("exp", now - 10), with("nbf", now + 20)] {
        assert!(tokens.verify(&tokens.signed(Kind::Access, &claims).unwrap()).is_ok(), "{claims}");
    }
    for claims in [
        with("exp", now - 31),
        with("exp", i64::MAX),
        with("nbf", now + 60),
        with("iss", "other.test"),
        with("aud", "other.test"),
        with("aud", json!([SERVICE])),
        with("sub", "nobody"),
        with("sub", ""),
        with("auth_method", "anonymous"),
        with("auth_method", "magic"),
        with("access", Value::Null),
        with("access", json!([{ "type": "repository", "name": "a.test/app", "actions": [] }])),
        with("access", json!([{ "type": "repository", "name": "A", "actions": [], "did": "did:plc:abc" }])),
        with("access", json!([{ "type": "planet", "name": "a.test/app", "actions": [] }])),
        json!({}),
        json!([]),
    ] {
        let token = tokens.signed(Kind::Access, &claims).unwrap();
        assert_eq!(tokens.verify(&token), Err(TokenProblem::Invalid), "{claims}");
    }
    let refresh = tokens.signed(Kind::Refresh, &claims()).unwrap();
    assert_eq!(tokens.verify(&refresh), Err(TokenProblem::Invalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_of_our_key_in_our_algorithm() {
    let (Fixture { tokens, .. }, Fixture { tokens: foreign, .. }) = (&fixture().await, &fixture().await);
    let good = tokens.signed(Kind::Access, &claims()).unwrap();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, body) = signed.split_once('.').unwrap();
    let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let other = part(with("sub", "did:plc:mallory"));
    let kid = serde_json::from_slice::<Value>(&BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
    assert_eq!((&kid["alg"], kid["kid"].as_str().unwrap().len()), (&json!("ES256"), 43));
    for token in [
        foreign.signed(Kind::Access, &claims()).unwrap(),
        format!("{}.{body}.", part(json!({ "alg": "none", "kid": kid["kid"], "typ": "JWT" }))),
        format!("{}.{body}.{signature}", part(json!({ "alg": "HS256", "kid": kid["kid"], "typ": "JWT" }))),
        format!("{}.{body}.{signature}", part(json!({ "alg": "ES256K", "kid": kid["kid"], "typ": "JWT" }))),
        format!("{header}.{other}.{signature}"),
        format!("{header}.{body}."),
        format!("{header}.{body}"),
        format!("{header}.{body}.{signature}="),
        format!("{header}.{body}.{}", &signature[..84]),
        format!("{good}.{signature}"),
        format!("{header}.{body}.{}", BASE64URL_NOPAD.encode(&[0; 64])),
        String::new(),
        "a".repeat(100_000),
    ] {
        assert_eq!(tokens.verify(&token), Err(TokenProblem::Invalid), "{token}");
    }
    assert!(tokens.verify(&good).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_can_be_revoked() {
    let Fixture { tokens, .. } = &fixture().await;
    let good = tokens.signed(Kind::Access, &claims()).unwrap();
    assert!(Arc::ptr_eq(&tokens.verify(&good).unwrap(), &tokens.verify(&good).unwrap()), "seen once");
    tokens.revoked().add(&["d2".to_owned()]);
    assert!(tokens.verify(&good).is_ok());
    tokens.revoked().add(&["d1".to_owned()]);
    assert_eq!(tokens.verify(&good), Err(TokenProblem::Invalid));
}
