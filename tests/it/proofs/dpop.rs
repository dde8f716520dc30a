//! Requests that a device signs.

use std::time::{SystemTime, UNIX_EPOCH};

use atproto::jose::PrivateJwk;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Device;

use super::path;
use crate::people::Client;

pub(super) async fn proofs(device: &Device, client: &Client) {
    good_ones(device).await;
    spoilt_ones(device).await;
    of_other_keys(device, client).await;
    once(device).await;
    missing(device, client).await;
}

async fn with(device: &Device, proof: &str) -> u16 {
    device.send(device.with_proof(Method::GET, &path(), proof)).await.status
}

async fn good_ones(device: &Device) {
    assert_eq!(device.get(&path()).await.status, 200);
    assert_eq!(
        device.get(&format!("{}?limit=3&cursor=", path())).await.status,
        400,
        "signed without its query"
    );
    for iat in [now() - 290, now() + 20] {
        let mut claims = device.claims("GET", &path());
        claims["iat"] = iat.into();
        assert_eq!(with(device, &device.sign(&device.header(), &claims)).await, 200, "clocks differ");
    }
}

/// Parts of a proof and what none of them may be.
fn spoilt(device: &Device) -> Vec<(&'static str, Value)> {
    let other = PrivateJwk::generate().to_json();
    let elsewhere = format!("https://evil.example{}", path());
    let (htu, other_path) = (device.claims("GET", "")["htu"].clone(), "/xrpc/dev.belvedere.demo.listLikes");
    vec![
        ("htm", json!("POST")),
        ("htm", json!(null)),
        ("htu", json!(elsewhere)),
        ("htu", json!(format!("{}{other_path}", htu.as_str().unwrap()))),
        ("htu", json!(null)),
        ("iat", json!(now() - 310)),
        ("iat", json!(now() + 40)),
        ("iat", json!(null)),
        ("ath", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ("ath", json!(null)),
        ("jti", json!(null)),
        ("typ", json!("JWT")),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("jwk", json!({ "kty": "EC", "crv": "P-256", "x": other["x"], "y": other["y"] })),
        ("jwk", device.key.to_json()),
        ("jwk", json!(null)),
    ]
}

async fn spoilt_ones(device: &Device) {
    for (part, value) in spoilt(device) {
        let (mut header, mut claims) = (device.header(), device.claims("GET", &path()));
        let target = if ["typ", "alg", "jwk"].contains(&part) { &mut header } else { &mut claims };
        target[part] = value.clone();
        assert_eq!(with(device, &device.sign(&header, &claims)).await, 401, "{part}: {value}");
    }
    let proof = device.proof("GET", &path());
    let (unsigned, _) = proof.rsplit_once('.').unwrap();
    let none = json!({ "typ": "dpop+jwt", "alg": "none", "jwk": device.header()["jwk"] });
    let none = device.sign(&none, &device.claims("GET", &path()));
    let (none, _) = none.rsplit_once('.').unwrap();
    for proof in ["", "x", "a.b.c", unsigned, &format!("{unsigned}."), &format!("{none}.")] {
        assert_eq!(with(device, proof).await, 401, "{proof}");
    }
}

/// A good proof of a key that belongs to nobody, or to nobody yet, is none.
async fn of_other_keys(device: &Device, client: &Client) {
    let (provision_id, unused) = client.app.provision().await;
    for key in [PrivateJwk::generate(), unused] {
        let stranger = client.app.device(&provision_id, key, "", &device.token);
        assert_eq!(stranger.get(&path()).await.status, 401);
    }
}

async fn once(device: &Device) {
    let proof = device.proof("GET", &path());
    assert_eq!([with(device, &proof).await, with(device, &proof).await], [200, 401]);
    // Of many at once, one.
    let proof = device.proof("GET", &path());
    let all = futures::future::join_all((0..10).map(|_| with(device, &proof))).await;
    assert_eq!(all.iter().filter(|status| **status == 200).count(), 1, "{all:?}");
    assert_eq!(all.iter().filter(|status| **status == 401).count(), 9, "{all:?}");
}

async fn missing(device: &Device, client: &Client) {
    let bare = device.without_proof(Method::GET, &path());
    assert_eq!(device.send(bare).await.status, 401);
    let twice = device.signed(Method::GET, &path()).header("dpop", device.proof("GET", &path()));
    assert_eq!(device.send(twice).await.status, 401);
    // A token that is bound to a key is no bearer token.
    let bearer =
        client.app.named.with_header("dpop", &device.proof("GET", &path())).with_bearer(&device.token);
    assert_eq!(bearer.get(&path()).await.status, 401);
    let nameless = testkit::HttpClient::new(client.app.named.base());
    let request = nameless.request(Method::GET, &path()).header("dpop", device.proof("GET", &path()));
    let request = request.header("authorization", format!("DPoP {}", device.token));
    assert_eq!(nameless.send(request).await.status, 401, "no client key");
    let foreign = nameless.with_header("x-client-key", "hvc_00000000000000000000000000000000");
    assert_eq!(foreign.get(&path()).await.status, 401, "a client that there is not");
    assert_eq!(nameless.get(&path()).await.status, 200, "whoever claims nothing may ask");
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}
