//! Tokens that the registry's own key has signed, and that are not for it or not for now.

use accounts::{Purpose, Vault, VaultConfig};
use atproto::jose::PrivateJwk;
use data_encoding::BASE64URL_NOPAD;
use registry_conformance::client::{Answer, Request};
use reqwest::Method;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use super::{Scene, image, push};
use crate::ours::Registry;

/// What a token says, and what it takes to say something else.
struct Mint {
    key: PrivateJwk,
    header: Value,
    claims: Value,
}

impl Mint {
    /// A token that lets Alice delete, taken apart, and the key of the registry, taken from where it is kept.
    async fn of(scene: &Scene) -> Self {
        let refused = scene.alice.send_bare(&removal(scene)).await.unwrap().expect(&[401]).unwrap();
        let challenge = refused.header("www-authenticate").unwrap();
        let token = scene.alice.authorization(challenge).await.unwrap().unwrap();
        let mut parts = token.strip_prefix("Bearer ").unwrap().split('.').map(|part| {
            let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).unwrap();
            serde_json::from_slice(&bytes).unwrap_or_default()
        });
        let (header, claims) = (parts.next().unwrap(), parts.next().unwrap());
        Self { key: key_of(&scene.registry), header, claims }
    }

    fn with(&self, name: &str, value: impl Into<Value>) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value.into();
        let signed = format!("{}.{}", part(&self.header), part(&claims));
        let signature = self.key.secret().sign(signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

fn part(json: &Value) -> String {
    BASE64URL_NOPAD.encode(json.to_string().as_bytes())
}

fn key_of(registry: &Registry) -> PrivateJwk {
    let data_dir = &registry.options.data_dir;
    let state =
        Connection::open_with_flags(data_dir.join("state.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sealed: Vec<u8> = state
        .query_row("SELECT sealed FROM registry_keys WHERE name = 'tokens'", [], |row| row.get(0))
        .unwrap();
    let config = VaultConfig { data_dir, master_secret: None, token_encryption_key: None };
    let scalar = Vault::open(&config).unwrap().unseal(Purpose::REGISTRY_KEY, "tokens", &sealed).unwrap();
    PrivateJwk::from_scalar(scalar.as_slice().try_into().unwrap()).unwrap()
}

fn removal(scene: &Scene) -> Request {
    Request::new(Method::DELETE, scene.repository().path("manifests/there-is-none"))
}

async fn shown(scene: &Scene, token: &str) -> Answer {
    let request = removal(scene).with("authorization", format!("Bearer {token}"));
    scene.alice.send_bare(&request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_our_key_has_signed_is_good_here_and_now_only() {
    let scene = Scene::new().await;
    push(scene.repository(), &image(&["v1"])).await;
    let mint = Mint::of(&scene).await;
    let now = mint.claims["iat"].as_i64().unwrap();
    // Whoever is let in learns that there is no such tag: it is what is changed that the others are refused for.
    for (name, value) in [("jti", json!("another")), ("exp", json!(now + 60))] {
        let answer = shown(&scene, &mint.with(name, value)).await;
        assert_eq!(answer.status, 404, "{name}: {}", answer.text());
    }
    let foreign = [("aud", json!("other.example.com")), ("iss", json!("other.example.com"))];
    let times = [("exp", json!(now - 60)), ("nbf", json!(now + 3_600)), ("exp", Value::Null)];
    for (name, value) in foreign.into_iter().chain(times) {
        is_refused(&shown(&scene, &mint.with(name, value.clone())).await, &format!("{name} {value}"));
    }
    let unsigned = format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&mint.claims));
    is_refused(&shown(&scene, &unsigned).await, "alg none");
    scene.repository().get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
}

fn is_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, 401, "{why}: {}", answer.text());
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.contains("error=\"invalid_token\""), "{why}: {challenge}");
}
