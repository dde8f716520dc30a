//! Who may do what, and with which tokens (spec/registry.md §4.3).

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use testkit::{Answer, HttpClient};

use super::{Scene, Somebody, digest_of, refused};

const BEGIN: &str = "io.atcr.hold.initiateUpload";

async fn begin(client: HttpClient) -> Answer {
    client.post(&format!("/xrpc/{BEGIN}"), &json!({ "digest": digest_of("x") })).await
}

async fn read(client: HttpClient, digest: &str) -> Answer {
    client.get(&format!("/xrpc/com.atproto.sync.getBlob?did=did:web:alice.test&cid={digest}")).await
}

/// Whether somebody may read, write and administer.
async fn rights(scene: &Scene, somebody: Option<&Somebody>, digest: &str) -> [u16; 3] {
    let of = |method: &str| somebody.map_or_else(|| scene.nobody(), |somebody| scene.of(somebody, method));
    let counts = json!({ "ownerDid": "did:web:alice.test", "repository": "app", "pullCount": 1 });
    let administered = of("io.atcr.hold.setStats").post("/xrpc/io.atcr.hold.setStats", &counts).await;
    [
        read(of("com.atproto.sync.getBlob"), digest).await.status,
        begin(of(BEGIN)).await.status,
        administered.status,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn are_those_of_the_table() {
    for (is_public, strange) in [("true", [200, 200]), ("false", [401, 403])] {
        let scene = Scene::new(&[("HOLD_PUBLIC", is_public)]).await;
        let digest = scene.send(&scene.captain, "a layer", 3).await;
        for (name, somebody, expected) in [
            ("nobody", None, [strange[0], 401, 401]),
            ("the captain", Some(&scene.captain), [200, 200, 200]),
            ("a reader", Some(&scene.reader), [200, 403, 403]),
            ("a writer", Some(&scene.writer), [200, 200, 403]),
            ("an admin", Some(&scene.admin), [200, 200, 200]),
            ("a stranger", Some(&scene.stranger), [strange[1], 403, 403]),
            ("a registry for nobody", Some(&scene.appview), [strange[0], 401, 401]),
        ] {
            assert_eq!(rights(&scene, somebody, &digest).await, expected, "{name}, public: {is_public}");
        }
        let refusal = scene.call(&scene.reader, "initiateUpload", json!({ "digest": digest })).await;
        let message = refusal.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("access denied for writing: "), "{message}");
        assert!(message.ends_with("(required: blob:write)"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_believed_if_its_account_signed_it_for_this_hold_method_and_moment() {
    let scene = Scene::new(&[]).await;
    let (hold, writer) = (&scene.hold, &scene.writer);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let send = async |token: &str| begin(scene.nobody().with_bearer(token)).await;
    let good = writer.draft(hold, BEGIN);
    for token in [
        good.sign(&writer.key),
        // Clients keep a token as long as it is good.
        good.sign(&writer.key),
        good.clone().claim("lxm", ()).sign(&writer.key),
        writer.draft(&format!("{hold}#atcr_hold"), BEGIN).sign(&writer.key),
        good.clone().claim("exp", now + 300).sign(&writer.key),
    ] {
        send(&token).await.expect(200);
    }
    let bad: [(&str, Value); 11] = [
        ("aud", json!("did:web:other.example")),
        ("aud", json!(format!("{hold}#other"))),
        ("aud", json!(null)),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 7200)),
        ("exp", json!(null)),
        ("lxm", json!("io.atcr.hold.uploadPart")),
        ("lxm", json!(7)),
        ("iss", json!("did:plc:nobodynobodynobodynobody")),
        ("iss", json!(scene.captain.did)),
        ("iss", json!(format!("{}#atproto_labeler", writer.did))),
    ];
    for (claim, value) in bad {
        let answer = send(&good.clone().claim(claim, value.clone()).sign(&writer.key)).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (401, Some("AuthRequired")),
            "{claim}: {value}"
        );
    }
    for token in [
        good.sign(&scene.stranger.key),
        good.clone().header("alg", "none").sign(&writer.key),
        good.clone().header("typ", "at+jwt").sign(&writer.key),
        "hv_00000000000000000000000000000000".to_owned(),
        "a.b.c".to_owned(),
        String::new(),
    ] {
        refused(&send(&token).await, 401, "AuthRequired");
    }
    for authorization in ["Basic YTpi", "DPoP abc", "Bearer"] {
        refused(
            &begin(scene.nobody().with_header("authorization", authorization)).await,
            401,
            "AuthRequired",
        );
    }
}

/// Only a registry that is trusted speaks for others; what anybody else says of a subject changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_registry_speaks_for_its_users() {
    let scene = Scene::new(&[]).await;
    let token =
        |of: &Somebody, subject: Value| of.draft(&scene.hold, BEGIN).claim("sub", subject).sign(&of.key);
    for (of, subject, status) in [
        (&scene.appview, json!(scene.writer.did), 200),
        (&scene.appview, json!(scene.reader.did), 403),
        (&scene.appview, json!(scene.stranger.did), 403),
        (&scene.appview, json!(null), 401),
        (&scene.appview, json!("writer"), 401),
        (&scene.stranger, json!(scene.writer.did), 403),
        (&scene.reader, json!(scene.writer.did), 403),
        (&scene.writer, json!(scene.stranger.did), 200),
    ] {
        let answer = begin(scene.nobody().with_bearer(&token(of, subject.clone()))).await;
        assert_eq!(answer.status, status, "{} for {subject}: {answer:?}", of.did);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_changes_anything_is_for_nobody() {
    let scene = Scene::new(&[]).await;
    for name in [
        "initiateUpload",
        "getPartUploadUrl",
        "completeUpload",
        "abortUpload",
        "notifyManifest",
        "requestCrew",
        "updateCrewTier",
        "setStats",
        "deleteUserData",
    ] {
        let path = format!("/xrpc/io.atcr.hold.{name}");
        refused(&scene.nobody().post(&path, &json!({})).await, 401, "AuthRequired");
        assert_eq!(scene.nobody().get(&path).await.status, 405, "{name}");
    }
    refused(&scene.nobody().put("/xrpc/io.atcr.hold.uploadPart", &json!({})).await, 401, "AuthRequired");
    refused(&scene.nobody().get("/xrpc/io.atcr.hold.exportUserData").await, 401, "AuthRequired");
}
