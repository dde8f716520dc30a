//! Who the hold is.

use serde_json::{Value, json};

use super::Scene;
use crate::ours::{ALICE, Blobs};

async fn document(scene: &Scene, host: &str) -> testkit::Answer {
    scene.nobody().with_header("host", host).get("/.well-known/did.json").await
}

fn service<'d>(document: &'d Value, id: &str) -> Option<&'d Value> {
    document["service"].as_array().unwrap().iter().find(|service| service["id"] == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn its_document_is_that_of_its_host() {
    let scene = Scene::new(&[("PUBLIC_URL", "https://hold.example.com")]).await;
    let hold = document(&scene, "hold.example.com").await.expect(200);
    assert_eq!(
        (&hold["id"], &hold["alsoKnownAs"]),
        (&json!("did:web:hold.example.com"), &json!(["at://hold.example.com"]))
    );
    assert_eq!(hold["verificationMethod"][0]["id"], "did:web:hold.example.com#atproto");
    let url = json!("https://hold.example.com");
    for (id, kind) in [("#atproto_pds", "AtprotoPersonalDataServer"), ("#atcr_hold", "AtcrHoldService")] {
        let service = service(&hold, id).unwrap();
        assert_eq!((&service["type"], &service["serviceEndpoint"]), (&json!(kind), &url));
    }
    let alice = document(&scene, ALICE).await.expect(200);
    assert_eq!(alice["id"], "did:web:alice.test");
    assert!(service(&alice, "#atcr_hold").is_none());
    assert_eq!(document(&scene, "nobody.test").await.status, 421);
    let handle = async |host: &str| {
        scene.nobody().with_header("host", host).get("/.well-known/atproto-did").await.text
    };
    assert_eq!(handle("hold.example.com").await, "did:web:hold.example.com");
    assert_eq!(handle(ALICE).await, "did:web:alice.test");
    assert_eq!(scene.nobody().get("/xrpc/_health").await.expect(200)["version"], env!("CARGO_PKG_VERSION"));
    let query = [("handle", "hold.example.com")];
    let found = scene.nobody().get_with("/xrpc/com.atproto.identity.resolveHandle", &query).await.expect(200);
    assert_eq!(found["did"], "did:web:hold.example.com");
}

/// The server has an identity of its own under the same DID: then one document says both, and signs with the hold's key.
#[tokio::test(flavor = "multi_thread")]
async fn one_document_says_what_the_server_is_besides() {
    let settings = [("PUBLIC_URL", "https://hold.example.com"), ("APPS", "appview,registry")];
    let scene = Scene::at(&Blobs::Folder, None, &settings).await;
    let before = document(&scene, "hold.example.com").await.expect(200);
    let made =
        scene.options.command(&["key", "create", "--name", "admin", "--output", "json"]).output().unwrap();
    let key: Value = serde_json::from_slice(&made.stdout).unwrap();
    let admin = scene.nobody().with_bearer(key["key"].as_str().unwrap());
    let entry = json!({ "fragment_id": "#demo", "service_type": "DemoService" });
    admin.post("/admin/service-entries", &entry).await.expect(201);
    let site = admin.with_header("host", "hold.example.com");
    assert_eq!(site.post("/api/setup/identity", &json!({ "mode": "did_web" })).await.status, 204);
    let after = document(&scene, "hold.example.com").await.expect(200);
    assert_eq!(after["verificationMethod"], before["verificationMethod"]);
    for id in ["#atproto_pds", "#atcr_hold", "#demo"] {
        assert!(service(&after, id).is_some(), "{id}: {after}");
    }
    // Beside the appview the hold answers all the same, with tokens that mean nothing to the appview.
    let hold = "did:web:hold.example.com";
    let token = scene.writer.draft(hold, "io.atcr.hold.initiateUpload").sign(&scene.writer.key);
    let digest = super::digest_of("x");
    let begin = scene.nobody().with_bearer(&token);
    begin.post("/xrpc/io.atcr.hold.initiateUpload", &json!({ "digest": digest })).await.expect(200);
    let token = scene.reader.draft(hold, "com.atproto.sync.getBlob").sign(&scene.reader.key);
    let path = format!("/xrpc/com.atproto.sync.getBlob?did={hold}&cid={digest}");
    super::refused(&scene.nobody().with_bearer(&token).get(&path).await, 404, "BlobNotFound");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_one_of_the_repositories_of_this_server() {
    let scene = Scene::new(&[]).await;
    scene.records_when("io.atcr.hold.captain", 1).await;
    let repos = scene.nobody().get("/xrpc/com.atproto.sync.listRepos").await.expect(200);
    let dids: Vec<_> = repos["repos"].as_array().unwrap().iter().map(|repo| &repo["did"]).collect();
    assert!(dids.contains(&&json!(scene.hold)) && dids.contains(&&json!("did:web:alice.test")), "{dids:?}");
    let server = scene.nobody().get("/xrpc/com.atproto.server.describeServer").await.expect(200);
    assert_eq!(server["did"], scene.hold);
    let query = [("repo", scene.hold.as_str())];
    let described = scene.nobody().get_with("/xrpc/com.atproto.repo.describeRepo", &query).await.expect(200);
    assert!(
        described["collections"].as_array().unwrap().contains(&json!("io.atcr.hold.captain")),
        "{described}"
    );
}
