//! Who may what, and with which tokens.

use bytes::Bytes;
use registry_conformance::client::{Challenge, Client, Request};
use registry_conformance::{Credentials, Repository, Target};
use reqwest::Method;

use super::{Scene, image, push};
use crate::ours::{ALICE, BOB};

#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_writes_a_repository() {
    let scene = Scene::new().await;
    let set = image(&["v1"]);
    push(scene.repository(), &set).await;
    let bob = scene.registry.target(BOB);
    let wrong = Credentials { user: ALICE.into(), password: "wrong".into() };
    for (name, credentials) in [("Bob", bob.credentials), ("nobody", None), ("an impostor", Some(wrong))] {
        let client = Client::new(&Target { credentials, ..scene.registry.target(ALICE) }).unwrap();
        let repository = Repository { client: &client, ..scene.repository() };
        let manifest = &set.manifests[0];
        let refusals = [
            repository.post("", Bytes::new()).await,
            repository.put_manifest("v2", manifest.media_type, manifest.bytes.clone()).await,
            repository.delete("manifests/v1").await,
            repository.delete(&set.blobs[0].path()).await,
        ];
        for answer in refusals {
            let answer = answer.unwrap();
            assert!([401, 403].contains(&answer.status), "{name}: {} {}", answer.asked, answer.status);
            let error = &answer.json().unwrap()["errors"][0];
            assert!(["UNAUTHORIZED", "DENIED"].iter().any(|code| error["code"] == *code), "{name}: {error}");
            assert!(error["message"].as_str().is_some_and(|text| text.len() > 10), "{name}: {error}");
        }
        // For what anybody may read nobody has to say who they are.
        repository.get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    }
    scene.repository().get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_challenge_says_what_is_missing() {
    let scene = Scene::new().await;
    let name = scene.repository().name;
    for (method, path, scope) in [
        (Method::POST, format!("/v2/{name}/blobs/uploads/"), Some(format!("repository:{name}:pull,push"))),
        (Method::DELETE, format!("/v2/{name}/manifests/v1"), Some(format!("repository:{name}:pull,delete"))),
    ] {
        let answer = scene.alice.send_bare(&Request::new(method, path)).await.unwrap();
        let answer = answer.expect(&[401]).unwrap();
        let challenge = Challenge::parse(answer.header("www-authenticate").unwrap()).unwrap();
        assert_eq!((challenge.scheme.as_str(), challenge.scope), ("Bearer", scope), "{}", answer.asked);
        assert!(challenge.realm.starts_with(scene.registry.server.url()), "{}", challenge.realm);
    }
}

/// Tokens nobody here has signed: without a signature, with another's, cut, or of another kind altogether.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_worth_nothing_unless_it_is_ours() {
    let scene = Scene::new().await;
    push(scene.repository(), &image(&["v1"])).await;
    let encode = |json: serde_json::Value| data_encoding::BASE64URL_NOPAD.encode(json.to_string().as_bytes());
    let claims = encode(serde_json::json!({
        "iss": "127.0.0.1", "aud": "127.0.0.1", "sub": "did:web:alice.test", "exp": 4_000_000_000_u64,
        "access": [{ "type": "repository", "name": "alice.test/one", "actions": ["pull", "push", "delete"] }],
    }));
    let none = encode(serde_json::json!({ "alg": "none", "typ": "JWT" }));
    let signed = encode(serde_json::json!({ "alg": "ES256", "typ": "JWT", "kid": "x" }));
    let signature = data_encoding::BASE64URL_NOPAD.encode(&[7; 64]);
    for authorization in [
        format!("Bearer {none}.{claims}."),
        format!("Bearer {none}.{claims}.{signature}"),
        format!("Bearer {signed}.{claims}.{signature}"),
        format!("Bearer {signed}.{claims}"),
        "Bearer ".to_owned(),
        "Bearer \u{e9}".to_owned(),
        format!("Bearer {}", "x".repeat(6_000)),
        "Basic !!!".to_owned(),
        "Negotiate abc".to_owned(),
    ] {
        for method in [Method::PUT, Method::DELETE] {
            let path = scene.repository().path("manifests/v1");
            let request = Request::new(method, path).with("authorization", &authorization);
            let answer = scene.alice.send_bare(&request).await.unwrap();
            assert_eq!(answer.status, 401, "{authorization}: {}", answer.text());
            assert!(answer.header("www-authenticate").is_some(), "{authorization}");
        }
    }
    scene.repository().get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
}
