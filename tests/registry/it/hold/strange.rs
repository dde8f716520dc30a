//! Whatever is sent, it is the sender's mistake.

use serde_json::json;

use super::{Scene, digest_of};

const PROCEDURES: [&str; 9] = [
    "initiateUpload",
    "getPartUploadUrl",
    "completeUpload",
    "abortUpload",
    "notifyManifest",
    "requestCrew",
    "updateCrewTier",
    "setStats",
    "uploadPart",
];

#[tokio::test(flavor = "multi_thread")]
async fn input_is_refused_and_nobody_else_notices() {
    let scene = Scene::new(&[]).await;
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let did = &scene.captain.did;
    let with_nul = json!({
        "repository": "app\0", "userDid": did, "manifestDigest": digest_of("m"), "ownerDid": did,
        "uploadId": "\0", "digest": "\0", "partNumber": 1, "parts": [], "role": "\0", "tierRank": 0,
        "manifest": { "layers": [{ "digest": digest_of("x"), "mediaType": "a\0b" }] },
    });
    let wrong = json!({
        "repository": 7, "userDid": [], "manifestDigest": {}, "ownerDid": null, "uploadId": 1.5, "digest": true,
        "partNumber": "one", "parts": { "1": "x" }, "role": [], "permissions": "all", "tierRank": -1,
        "manifest": [], "pullCount": 1e300, "operation": 1,
    });
    let many = json!({
        "repository": "app", "userDid": did, "manifestDigest": digest_of("m"),
        "manifest": { "layers": vec![json!({ "digest": digest_of("x") }); 10_001] },
        "uploadId": "x", "digest": "sha256:x", "parts": vec![json!({ "partNumber": 1, "etag": "x" }); 10_001],
    });
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        "\u{feff}{}".to_owned(),
        deep,
        json!({ "more": "x".repeat(900_000) }).to_string(),
        with_nul.to_string(),
        wrong.to_string(),
        many.to_string(),
    ];
    for name in PROCEDURES {
        let method = format!("io.atcr.hold.{name}");
        let client = scene.of(&scene.captain, &method);
        // Of who is refused before the input was read, a mebibyte is read on; then the connection is closed.
        let reads_all = ["notifyManifest", "completeUpload"].contains(&name);
        for body in bodies.iter().filter(|body| reads_all || body.len() < 1 << 20) {
            let verb = if name == "uploadPart" { reqwest::Method::PUT } else { reqwest::Method::POST };
            let request =
                client.request(verb, &format!("/xrpc/{method}")).header("content-type", "application/json");
            let answer = client.send(request.body(body.clone())).await;
            let excerpt = body.get(..60).unwrap_or(body);
            let is_fine = name == "requestCrew" && answer.status == 200;
            assert!(is_fine || (400..500).contains(&answer.status), "{name} {excerpt}: {answer:?}");
            assert!(
                answer.status == 413 || is_fine || answer.json()["error"].is_string(),
                "{name} {excerpt}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_are_refused_as_well() {
    let scene = Scene::new(&[]).await;
    let digest = digest_of("x");
    for path in [
        "com.atproto.sync.getBlob".to_owned(),
        "com.atproto.sync.getBlob?cid=%00".to_owned(),
        format!("com.atproto.sync.getBlob?cid={digest}&did=alice"),
        format!("com.atproto.sync.getBlob?cid={digest}&expires=x&signature=y"),
        format!("com.atproto.sync.getBlob?cid={digest}&expires=99999999999999999999&signature=y"),
        format!("com.atproto.sync.getBlob?cid={digest}&expires=9223372036854775807&signature=y"),
        "io.atcr.hold.getQuota".to_owned(),
        "io.atcr.hold.getStats?did=did:web:a.test".to_owned(),
        "io.atcr.hold.getStats?did=did:web:a.test&repo=../x".to_owned(),
        "io.atcr.hold.listStats?did=did:web:a.test&limit=-1".to_owned(),
    ] {
        let answer = scene.nobody().get(&format!("/xrpc/{path}")).await;
        assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
    }
    for query in ["uploadId=x&partNumber=1&did=y", "cid=x", "cid=x&uploadId=x", ""] {
        let path = format!("/xrpc/io.atcr.hold.uploadPart?{query}&expires=4000000000&signature=abc");
        let answer = scene.nobody().put(&path, &json!({})).await;
        assert!((400..402).contains(&answer.status), "{path}: {answer:?}");
    }
}
