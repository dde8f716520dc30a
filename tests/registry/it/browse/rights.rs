//! What nobody may but who it belongs to.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, HttpClient};

use super::{Scene, described, read, send};
use crate::ours::{ALICE, BOB};

/// What changes something, and whether it is of a repository: then its owner alone may.
fn changes() -> Vec<(Method, String, bool)> {
    let of = "?repository=alice.test/app";
    let digest = format!("sha256:{}", "0".repeat(64));
    [
        (Method::POST, format!("/stars{of}"), false),
        (Method::DELETE, format!("/stars{of}"), false),
        (Method::PUT, format!("/repos/page{of}"), true),
        (Method::PUT, format!("/repos/avatar{of}"), true),
        (Method::DELETE, format!("/repos/avatar{of}"), true),
        (Method::DELETE, format!("/repos{of}"), true),
        (Method::DELETE, format!("/repos/tags{of}&tag=v1"), true),
        (Method::DELETE, format!("/repos/manifest{of}&digest={digest}"), true),
        (Method::PUT, "/settings".to_owned(), false),
        (Method::DELETE, "/data?confirm=did:web:bob.test".to_owned(), false),
    ]
    .into()
}

async fn change(client: &HttpClient, method: &Method, what: &str) -> Answer {
    let request = client.request(method.clone(), &format!("/api/registry{what}"));
    let request = match what {
        _ if *method != Method::PUT => request,
        _ if what.contains("avatar") => request.body(&b"\x89PNG\r\n\x1a\n"[..]),
        "/settings" => request.json(&json!({ "default_hold": null, "auto_remove_untagged": true })),
        _ => request.json(&json!({ "description": "x" })),
    };
    client.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_changes_anything_and_only_from_our_own_pages() {
    let scene = Scene::new().await;
    scene.push("alice.test/app", &described(&["v1"], &json!({}))).await;
    let (alice, bob) = (scene.browser(ALICE).await, scene.browser(BOB).await);
    let before = scene.read("/repos?repository=alice.test/app").await;
    let elsewhere = alice.with_header("origin", "https://evil.test");
    let wrong = scene.anybody().with_header("cookie", &format!("happyview_session={}", "x".repeat(43)));
    for (method, what, is_of_owner) in changes() {
        let strangers = [(scene.anybody(), 401), (&wrong, 401), (&elsewhere, 403)];
        let strangers = strangers.into_iter().chain(is_of_owner.then_some((&bob, 403)));
        for (client, status) in strangers {
            let answer = change(client, &method, &what).await;
            assert_eq!(answer.status, status, "{method} {what}: {answer:?}");
        }
    }
    for (method, what) in [("GET", "/settings"), ("GET", "/stars"), ("GET", "/data")] {
        assert_eq!(send(scene.anybody(), method.parse().unwrap(), what).await.status, 401, "{what}");
    }
    let now = scene.read("/repos?repository=alice.test/app").await;
    for part in ["digest", "tag", "stars", "has_page", "avatar"] {
        assert_eq!(now[part], before[part], "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_deleted_nobody_deletes() {
    let scene = Scene::with(&[("REGISTRY_DELETE_ENABLED", "false")]).await;
    scene.push("alice.test/app", &described(&["v1"], &json!({}))).await;
    let alice = scene.browser(ALICE).await;
    for what in ["/repos?repository=alice.test/app", "/repos/tags?repository=alice.test/app&tag=v1"] {
        assert_eq!(send(&alice, Method::DELETE, what).await.status, 403, "{what}");
    }
}

/// How an image is run is in the hold; what it is called is in its owner's records, which are public.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_private_hold_is_not_told_to_strangers() {
    let scene = Scene::with(&[("HOLD_PUBLIC", "false")]).await;
    let set = described(&["v1"], &json!({ "org.opencontainers.image.title": "Known" }));
    scene.push("alice.test/app", &set).await;
    let manifest = "/repos/manifest?repository=alice.test/app&reference=v1";
    let (whole, bob) = ("/repos?repository=alice.test/app", scene.browser(BOB).await);
    let shown = read(&bob, manifest).await;
    assert_eq!(
        (&shown["config"]["cmd"], &shown["layers"][0]["command"]),
        (&json!(["/app"]), &json!("COPY app /app"))
    );
    assert_eq!(read(&bob, whole).await["platforms"], json!(["linux/arm64/v8"]));
    // Whoever looks after somebody who may is no better off.
    let shown = scene.read(manifest).await;
    assert_eq!((&shown["config"], &shown["layers"][0]["command"]), (&Value::Null, &Value::Null));
    let repository = scene.read(whole).await;
    assert_eq!((&repository["title"], &repository["platforms"]), (&json!("Known"), &json!([])));
    assert!(repository["annotations"].get("io.atcr.test").is_none(), "{repository}");
}
