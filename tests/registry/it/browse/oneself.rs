//! Signing in, settings, and what is kept of somebody.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, plain, put, read, send};
use crate::ours::{ALICE, BOB, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn people_who_are_at_home_here_sign_in_and_out() {
    let scene = Scene::new().await;
    let alice = scene.browser(ALICE).await;
    assert_eq!(alice.get("/auth/me").await.expect(200)["did"], "did:web:alice.test");
    assert_eq!(read(&alice, "/settings").await["did"], "did:web:alice.test");
    assert_eq!(alice.get("/api/registry/devices").await.status, 200);
    let session = "/api/registry/session";
    for (handle, password) in [(ALICE, "wrong"), ("nobody.test", PASSWORD), ("", PASSWORD), (ALICE, "")] {
        let answer = scene.anybody().post(session, &json!({ "handle": handle, "password": password })).await;
        assert_eq!((answer.status, answer.headers.get("set-cookie")), (401, None), "{handle}: {answer:?}");
    }
    // What a form of another site could send.
    let form = scene.anybody().request(Method::POST, session).header("content-type", "text/plain");
    let body = json!({ "handle": ALICE, "password": PASSWORD }).to_string();
    assert_eq!(scene.anybody().send(form.body(body)).await.status, 415);
    assert!(alice.post("/auth/logout", &json!({})).await.status < 400);
    assert_eq!(send(&alice, Method::GET, "/settings").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_a_record_of_ones_own() {
    let scene = Scene::new().await;
    scene.push("alice.test/app", &plain(&["v1"])).await;
    let alice = scene.browser(ALICE).await;
    let settings = read(&alice, "/settings").await;
    assert_eq!((&settings["default_hold"], &settings["auto_remove_untagged"]), (&Value::Null, &json!(false)));
    let hold = &settings["holds"][0];
    assert_eq!((&hold["here"], &hold["blobs"], &hold["limit"]), (&json!(true), &json!(3), &Value::Null));
    let edit = json!({ "default_hold": "did:web:hold.test", "auto_remove_untagged": true });
    assert_eq!(put(&alice, "/settings", &edit).await.status, 204);
    let settings = read(&alice, "/settings").await;
    assert_eq!(
        (&settings["default_hold"], &settings["auto_remove_untagged"]),
        (&json!("did:web:hold.test"), &json!(true))
    );
    let get = "/xrpc/com.atproto.repo.getRecord?repo=did:web:alice.test&collection=io.atcr.sailor.profile&rkey=self";
    let record = scene.anybody().get(get).await.expect(200);
    assert_eq!(record["value"]["defaultHold"], "did:web:hold.test");
    for (edit, status) in [
        (json!({ "default_hold": "hold.test", "auto_remove_untagged": true }), 400),
        (json!({ "auto_remove_untagged": "yes", "default_hold": null }), 422),
    ] {
        assert_eq!(put(&alice, "/settings", &edit).await.status, status, "{edit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_somebody_is_theirs_to_take_away_and_to_have_forgotten() {
    let scene = Scene::new().await;
    let (alice, bob) = (scene.browser(ALICE).await, scene.browser(BOB).await);
    let bobs = registry_conformance::client::Client::new(&scene.registry.target(BOB)).unwrap();
    let repository = registry_conformance::Repository { client: &bobs, name: "bob.test/app" };
    crate::stubborn::push(repository, &plain(&["v1"])).await.unwrap();
    let data = read(&bob, "/data").await;
    assert_eq!((&data["did"], &data["hold"]["blobs"]), (&json!("did:web:bob.test"), &json!(3)));
    assert_eq!(send(&bob, Method::DELETE, "/data?confirm=bob.test").await.status, 400);
    // The hold is Alice's, who was the first.
    assert_eq!(send(&alice, Method::DELETE, "/data?confirm=did:web:alice.test").await.status, 409);
    assert_eq!(send(&bob, Method::DELETE, "/data?confirm=did:web:bob.test").await.status, 204);
    assert_eq!(read(&bob, "/data").await["hold"]["blobs"], 0);
}
