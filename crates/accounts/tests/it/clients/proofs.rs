//! Requests signed with a device's key, and everything that is no such thing (spec/appview.md §7.3).

use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    app::{App, Device, TOKEN},
    site::{Ground, NOWHERE, Site, on_each_site},
};
use crate::support::on_each_engine;

const WHO: &str = "/xrpc/test.example.who";
const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_request_is_that_of_its_user() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        let who = device.get(&format!("{WHO}?client_key=hvc_other&x=%2F")).await.expect(200);
        let expected =
            json!({ "kind": "dpop", "did": DID, "client_key": app.client.client.client_key, "permissions": [] });
        assert_eq!(who, expected);
        assert_eq!(device.post(WHO, &json!({})).await.expect(200)["did"], DID);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_may_be_old_or_new_because_the_key_is_what_counts() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let mut device = app.device(&site, DID).await;
        site.sql("UPDATE pds_sessions SET expires_at = 1", &[]).await;
        assert_eq!(device.get(WHO).await.expect(200)["did"], DID, "expired, for all the server knows");
        device.token = "a-token-of-after-a-refresh".to_owned();
        assert_eq!(device.get(WHO).await.expect(200)["did"], DID);
    })
    .await;
}

/// Claims or a header member in place of the good one; what must be in the answer.
fn spoilt() -> Vec<(&'static str, Value, &'static str)> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    vec![
        ("htm", json!("POST"), "another method"),
        ("htm", json!(null), "htm"),
        ("htu", json!("http://127.0.0.1:1/xrpc/test.example.who"), "another URL"),
        ("htu", json!("https://evil.example/xrpc/test.example.who"), "another URL"),
        ("htu", json!("/xrpc/test.example.who"), "htu"),
        ("iat", json!(now - 310), "expired"),
        ("iat", json!(now + 40), "future"),
        ("iat", json!("now"), "iat"),
        ("ath", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "another access token"),
        ("ath", json!(null), "another access token"),
        ("jti", json!(""), "jti"),
        ("jti", json!(null), "jti"),
        ("jti", json!("x".repeat(10_000)), ""),
        ("typ", json!("JWT"), "dpop+jwt"),
        ("alg", json!("none"), "ES256"),
        ("alg", json!("HS256"), "ES256"),
        ("jwk", json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }), "key"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_is_wrong_in_any_part_is_401() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        let good = device.sign(&device.header(), &device.claims("GET", WHO));
        assert_eq!(device.send(device.with_proof(Method::GET, WHO, &good)).await.status, 200);
        for (part, value, message) in spoilt() {
            let (mut header, mut claims) = (device.header(), device.claims("GET", WHO));
            let of_header = ["typ", "alg", "jwk"].contains(&part);
            let target = if of_header { &mut header } else { &mut claims };
            target[part] = value.clone();
            let proof = device.sign(&header, &claims);
            let answer = device.send(device.with_proof(Method::GET, WHO, &proof)).await;
            let error = answer.expect(401);
            assert!(error["error"].as_str().unwrap().contains(message), "{part} {value}: {error}");
        }
        let with_secret = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": device.key.to_json() });
        let proof = device.sign(&with_secret, &device.claims("GET", WHO));
        assert_eq!(
            device.send(device.with_proof(Method::GET, WHO, &proof)).await.status,
            401,
            "a private key"
        );
        let (unsigned, _) = good.rsplit_once('.').unwrap();
        let claims = device.sign(&device.header(), &device.claims("GET", WHO));
        let (_, foreign) = claims.rsplit_once('.').unwrap();
        for proof in ["", "x", "a.b.c", unsigned, &format!("{unsigned}.{foreign}"), &"x".repeat(9000)] {
            assert_eq!(device.send(device.with_proof(Method::GET, WHO, proof)).await.status, 401, "{proof}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_may_be_a_little_off() {
    on_each_site(async |site| {
        let device = App::start(&site, "app", "public").await.device(&site, DID).await;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        for iat in [now - 290, now + 20] {
            let mut claims = device.claims("GET", WHO);
            claims["iat"] = iat.into();
            let proof = device.sign(&device.header(), &claims);
            assert_eq!(device.send(device.with_proof(Method::GET, WHO, &proof)).await.status, 200, "{iat}");
        }
        let mut claims = device.claims("get", WHO);
        claims["htu"] = format!("{}{WHO}", site.origin.replace("http", "HTTP")).into();
        let proof = device.sign(&device.header(), &claims);
        assert_eq!(
            device.send(device.with_proof(Method::GET, WHO, &proof)).await.status,
            200,
            "other spelling"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_with_the_proof_must_be_there_once() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        let error = async |request: reqwest::RequestBuilder| {
            site.http.send(request).await.expect(401)["error"].as_str().unwrap().to_owned()
        };
        let request = || site.http.request(Method::GET, WHO).header("authorization", format!("DPoP {TOKEN}"));
        let key = &app.client.client.client_key;
        assert_eq!(error(request()).await, "X-Client-Key header required");
        assert_eq!(error(request().header("x-client-key", key)).await, "DPoP proof header required");
        assert_eq!(error(request().header("x-client-key", "hvc_0")).await, "Invalid client");
        let signed = || device.signed(Method::GET, WHO);
        assert_eq!(
            error(signed().header("dpop", device.proof("GET", WHO))).await,
            "More than one dpop header"
        );
        assert_eq!(error(signed().header("authorization", "DPoP x")).await, "Malformed Authorization header");
        let bearer = site.http.request(Method::GET, WHO).header("x-client-key", key);
        let bearer = bearer.header("dpop", device.proof("GET", WHO)).bearer_auth(TOKEN);
        assert_eq!(site.http.send(bearer).await.status, 401, "a bound token is no bearer token");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_for_a_host_of_ours() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        let mut claims = device.claims("GET", WHO);
        claims["htu"] = format!("http://evil.example{WHO}").into();
        let proof = device.sign(&device.header(), &claims);
        let request =
            site.http.request(Method::GET, WHO).header("x-client-key", &app.client.client.client_key);
        let request = request.header("authorization", format!("DPoP {TOKEN}")).header("dpop", proof);
        let answer = site.http.send(request.header("x-forwarded-host", "evil.example")).await;
        assert_eq!(answer.expect(421)["error"], "Unknown host");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_names_this_machine_as_its_request_does() {
    on_each_site(async |site| {
        let device = App::start(&site, "app", "public").await.device(&site, DID).await;
        let localhost = site.origin.replace("127.0.0.1", "localhost");
        for (origin, host, status) in [
            (&localhost, "localhost:3000", 200),
            (&site.origin, "localhost", 401),
            (&localhost, "127.0.0.1", 401),
        ] {
            let mut claims = device.claims("GET", WHO);
            claims["htu"] = format!("{origin}{WHO}").into();
            let proof = device.sign(&device.header(), &claims);
            let request = device.with_proof(Method::GET, WHO, &proof).header("x-forwarded-host", host);
            assert_eq!(device.send(request).await.status, status, "{origin} at {host}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_works_once_on_all_instances_together() {
    on_each_engine(async |store| {
        let ground = Ground::new(&store, NOWHERE);
        let site = Site::start(&ground).await;
        let sibling = site.sibling(&ground).await;
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        let there = device.with(&app.at(&sibling));
        let used = "the DPoP proof was used before";
        let proof = device.proof("GET", WHO);
        let at = |device: &Device| device.with_proof(Method::GET, WHO, &proof);
        assert_eq!(there.send(at(&there)).await.expect(200)["did"], DID);
        assert_eq!(there.send(at(&there)).await.expect(401)["error"], used);
        assert_eq!(device.send(at(&device)).await.expect(401)["error"], used);
        // The same text in a proof of another key is another proof.
        let other = app.device(&site, "did:plc:otheroneotheroneothero22").await;
        let claims = device.claims("GET", WHO);
        for signer in [&device, &other] {
            let proof = signer.sign(&signer.header(), &claims);
            assert_eq!(signer.send(signer.with_proof(Method::GET, WHO, &proof)).await.status, 200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_with_its_client_and_its_user_only() {
    on_each_site(async |site| {
        let (app, other) =
            (App::start(&site, "app", "public").await, App::start(&site, "other", "public").await);
        let device = app.device(&site, DID).await;
        let none = "No session for this DPoP key; sign in again";
        let foreign = device.with(&other);
        assert_eq!(foreign.get(WHO).await.expect(401)["error"], none);
        let (provision_id, key) = app.provision().await;
        let unused = app.signed_in(&provision_id, key, "");
        assert_eq!(unused.get(WHO).await.expect(401)["error"], none, "nobody signed in with it");
        let made_up = atproto::jose::PrivateJwk::generate();
        let stranger = app.signed_in("", made_up, "");
        assert_eq!(stranger.get(WHO).await.expect(401)["error"], none);
        assert_eq!(device.get(WHO).await.expect(200)["did"], DID);
        // A row that names somebody else than the key's owner is not believed.
        site.sql("UPDATE dpop_keys SET did = 'did:plc:somebodyelse' WHERE did IS NOT NULL", &[]).await;
        tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
        assert_eq!(device.get(WHO).await.expect(401)["error"], none);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_client_ends_its_sessions_at_once() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let device = app.device(&site, DID).await;
        assert_eq!(device.get(WHO).await.status, 200);
        site.clients().remove(None, &app.client.client.id).await.unwrap();
        assert_eq!(device.get(WHO).await.expect(401)["error"], "Invalid client");
        for table in ["SELECT count(*) FROM pds_sessions", "SELECT count(*) FROM dpop_keys"] {
            assert_eq!(site.count(table).await, 0, "{table}");
        }
    })
    .await;
}
