//! Stars, pages, pictures, and taking things away.

use registry_conformance::Repository;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, last, plain, put, read, send};
use crate::ours::{ALICE, BOB};

const OF: &str = "?repository=alice.test/team/app";

#[tokio::test(flavor = "multi_thread")]
async fn a_star_is_a_record_of_who_gives_it() {
    let scene = Scene::new().await;
    scene.push("alice.test/team/app", &plain(&["v1"])).await;
    let (alice, bob) = (scene.browser(ALICE).await, scene.browser(BOB).await);
    for (browser, stars) in [(&bob, 1), (&bob, 1), (&alice, 2)] {
        let answer = send(browser, Method::POST, &format!("/stars{OF}")).await.expect(200);
        assert_eq!(answer, json!({ "starred": true, "stars": stars }));
    }
    let list = "/xrpc/com.atproto.repo.listRecords?repo=did:web:bob.test&collection=io.atcr.sailor.star";
    let records = scene.anybody().get(list).await.expect(200);
    assert_eq!(records["records"].as_array().unwrap().len(), 1);
    let subject = "at://did:web:alice.test/io.atcr.repo.page/team~app";
    assert_eq!(records["records"][0]["value"]["subject"], subject);
    assert_eq!(read(&bob, &format!("/repos{OF}")).await["starred"], true);
    assert_eq!(scene.read(&format!("/repos{OF}")).await["starred"], false);
    assert_eq!(read(&bob, "/stars").await["repositories"], json!(["alice.test/team/app"]));
    assert_eq!(scene.read("").await["starred"][0]["stars"], 2);
    for _ in 0..2 {
        let answer = send(&bob, Method::DELETE, &format!("/stars{OF}")).await.expect(200);
        assert_eq!(answer, json!({ "starred": false, "stars": 1 }));
    }
    assert_eq!(scene.anybody().get(list).await.expect(200)["records"], json!([]));
    let nothing = send(&bob, Method::POST, "/stars?repository=alice.test/nothing").await;
    assert_eq!(nothing.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_writes_a_page_and_gives_a_picture() {
    let scene = Scene::new().await;
    scene.push("alice.test/team/app", &plain(&["v1"])).await;
    let alice = scene.browser(ALICE).await;
    let page = format!("/repos/page{OF}");
    let text = "# App\n\nIt <b>works</b>.\n\n<script>alert(1)</script>";
    assert_eq!(put(&alice, &page, &json!({ "description": text })).await.status, 204);
    let readme = scene.read(&format!("/repos/readme{OF}")).await;
    assert_eq!((&readme["source"], &readme["markdown"]), (&json!("page"), &json!(text)));
    let html = readme["html"].as_str().unwrap();
    assert!(html.contains("<b>works</b>") && !html.contains("script"), "{html}");
    assert_eq!(scene.read(&format!("/repos{OF}")).await["description"], "It works.");

    let picture = b"\x89PNG\r\n\x1a\n and the rest";
    let avatar = format!("/api/registry/repos/avatar{OF}");
    let send_picture = async |bytes: Vec<u8>| {
        let request = alice.request(Method::PUT, &avatar).header("content-type", "image/png");
        alice.send(request.body(bytes)).await
    };
    assert_eq!(send_picture(picture.to_vec()).await.status, 204);
    let repository = scene.read(&format!("/repos{OF}")).await;
    let url = repository["avatar"].as_str().unwrap();
    let path = url.strip_prefix(scene.registry.server.url()).unwrap();
    let shown = scene.anybody().get(path).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    assert_eq!(scene.read(&format!("/repos/readme{OF}")).await["source"], "page", "what was written stays");

    assert_eq!(send_picture(b"<svg onload=alert(1)>".to_vec()).await.status, 415);
    let mut large = picture.to_vec();
    large.resize(3_000_001, 0);
    let request = alice.request(Method::PUT, &avatar).body(large);
    // A connection may be closed before all of it was sent.
    let refused = alice.try_send(request).await;
    assert!(refused.as_ref().map_or(true, |answer| answer.status == 413), "{refused:?}");
    let long = json!({ "description": "x".repeat(100_001) });
    assert_eq!(put(&alice, &page, &long).await.status, 413);
    assert_eq!(put(&alice, &page, &json!({ "description": "a\u{0}b" })).await.status, 400);
    for nonsense in [json!({ "other": 1 }), json!([])] {
        assert_eq!(put(&alice, &page, &nonsense).await.status, 422);
    }
    assert_eq!(send(&alice, Method::DELETE, &format!("/repos/avatar{OF}")).await.status, 204);
    assert_eq!(put(&alice, &page, &json!({ "description": null })).await.status, 204);
    let repository = scene.read(&format!("/repos{OF}")).await;
    assert_eq!((&repository["avatar"], &repository["description"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_takes_tags_manifests_and_all_of_it_away() {
    let scene = Scene::new().await;
    let (one, two) = (plain(&["v1", "latest"]), plain(&["v2"]));
    scene.push("alice.test/team/app", &one).await;
    scene.push("alice.test/team/app", &two).await;
    scene.push("alice.test/other", &plain(&["v1"])).await;
    let alice = scene.browser(ALICE).await;
    put(&alice, &format!("/repos/page{OF}"), &json!({ "description": "x" })).await;
    let repository = Repository { client: &scene.alice, name: "alice.test/team/app" };

    assert_eq!(send(&alice, Method::DELETE, &format!("/repos/tags{OF}&tag=latest")).await.status, 204);
    assert_eq!(send(&alice, Method::DELETE, &format!("/repos/tags{OF}&tag=latest")).await.status, 404);
    assert_eq!(repository.get("manifests/v1").await.unwrap().status, 200);
    let digest = &last(&one).digest;
    assert_eq!(
        send(&alice, Method::DELETE, &format!("/repos/manifest{OF}&digest={digest}")).await.status,
        204
    );
    assert_eq!(repository.get("manifests/v1").await.unwrap().status, 404);
    let removed = send(&alice, Method::DELETE, &format!("/repos{OF}")).await.expect(200);
    assert_eq!(removed, json!({ "removed": 1, "more": false }));
    assert_eq!(repository.get("manifests/v2").await.unwrap().status, 404);
    assert_eq!(scene.anybody().get(&format!("/api/registry/repos{OF}")).await.status, 404);
    for collection in ["io.atcr.repo.page", "io.atcr.manifest", "io.atcr.tag"] {
        let list =
            format!("/xrpc/com.atproto.repo.listRecords?repo=did:web:alice.test&collection={collection}");
        let records = scene.anybody().get(&list).await.expect(200);
        let expected = usize::from(collection != "io.atcr.repo.page");
        assert_eq!(
            records["records"].as_array().unwrap().len(),
            expected,
            "{collection}: the other's are left"
        );
    }
}
