//! Blobs in parts.

use reqwest::Method;
use serde_json::json;
use testkit::{Answer, S3Service, TestDatabase};

use super::{Scene, digest_of, refused};
use crate::ours::Blobs;

#[tokio::test(flavor = "multi_thread")]
async fn go_to_a_folder() {
    arrive(Scene::at(&Blobs::Folder, Some(TestDatabase::sqlite()), &[]).await).await;
    let Some(postgres) = TestDatabase::postgres().await else { return };
    arrive(Scene::at(&Blobs::Folder, Some(postgres), &[]).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn go_to_a_bucket() {
    let Some(service) = S3Service::start() else { return };
    arrive(Scene::at(&Blobs::Bucket(service.good_url()), None, &[]).await).await;
}

/// The bytes of a blob, wherever they are fetched from.
async fn bytes(scene: &Scene, digest: &str) -> Answer {
    let path = format!("/xrpc/com.atproto.sync.getBlob?did={}&cid={digest}", scene.hold);
    let answer = scene.nobody().get(&path).await;
    if answer.status != 307 {
        return answer;
    }
    elsewhere(scene, Method::GET, answer.header("location"), "").await
}

/// A request to a URL that was given out.
async fn elsewhere(scene: &Scene, method: Method, url: &str, body: &str) -> Answer {
    let (start, path) = url.split_at(url.match_indices('/').nth(2).unwrap().0);
    let client =
        if url.starts_with(scene.server().url()) { scene.nobody() } else { testkit::HttpClient::new(start) };
    let request = client.request(method, path);
    client.send(if body.is_empty() { request } else { request.body(body.to_owned()) }).await
}

async fn arrive(scene: Scene) {
    for (content, size) in [("one part", 100), ("many parts of different sizes", 4), ("even more of them", 1)]
    {
        let digest = scene.send(&scene.writer, content, size).await;
        assert_eq!(bytes(&scene, &digest).await.text, content);
    }
    parts_by_url(&scene).await;
    whole_by_url(&scene).await;
    mistakes(&scene).await;
}

/// A registry that is still reading the layer does not know its digest; parts go where it is told, without a token.
async fn parts_by_url(scene: &Scene) {
    let (writer, content) = (&scene.writer, "by signed URLs");
    let begun = scene.call(writer, "initiateUpload", json!({ "digest": "uploads/temp-1" })).await.expect(200);
    let mut named = Vec::new();
    for (number, part) in [(1, "by signed"), (2, " URLs")] {
        let input = json!({ "uploadId": begun["uploadId"], "partNumber": number });
        let place = scene.call(writer, "getPartUploadUrl", input).await.expect(200);
        let url = place["url"].as_str().unwrap();
        assert_eq!(place["method"], "PUT");
        let sent = elsewhere(scene, Method::PUT, url, part).await;
        let etag = sent.expect(200)["etag"].clone();
        assert_eq!(sent.header("etag").trim_matches('"'), etag);
        named.push(json!({ "partNumber": number, "etag": etag }));
        let other = url.replace(&format!("partNumber={number}"), "partNumber=3");
        refused(&elsewhere(scene, Method::PUT, &other, part).await, 401, "AuthRequired");
    }
    let digest = digest_of(content);
    let input = json!({ "uploadId": begun["uploadId"], "digest": digest, "parts": named });
    scene.call(writer, "completeUpload", input).await.expect(200);
    assert_eq!(bytes(scene, &digest).await.text, content);
}

async fn whole_by_url(scene: &Scene) {
    let content = "the whole blob at once";
    let digest = digest_of(content);
    let path = format!("/xrpc/com.atproto.sync.getBlob?did={}&cid={digest}&method=PUT", scene.hold);
    refused(&scene.nobody().get(&path).await, 401, "AuthRequired");
    refused(&scene.of(&scene.reader, "com.atproto.sync.getBlob").get(&path).await, 403, "Forbidden");
    let place = scene.of(&scene.writer, "com.atproto.sync.getBlob").get(&path).await.expect(200);
    let url = place["url"].as_str().unwrap();
    refused(&elsewhere(scene, Method::PUT, url, "something else").await, 400, "InvalidDigest");
    elsewhere(scene, Method::PUT, url, content).await.expect(200);
    assert_eq!(bytes(scene, &digest).await.text, content);
}

async fn mistakes(scene: &Scene) {
    let writer = &scene.writer;
    for digest in ["", "sha256:abc", "md5:abc", &digest_of("x").to_uppercase()] {
        refused(
            &scene.call(writer, "initiateUpload", json!({ "digest": digest })).await,
            400,
            "InvalidDigest",
        );
    }
    refused(&scene.call(writer, "initiateUpload", json!({})).await, 400, "InvalidRequest");
    let digest = digest_of("right");
    let begun = scene.call(writer, "initiateUpload", json!({ "digest": digest })).await.expect(200);
    let upload = begun["uploadId"].as_str().unwrap();
    for number in [0, 10_001] {
        refused(&scene.part(writer, upload, number, b"x").await, 400, "InvalidPartNumber");
        let input = json!({ "uploadId": upload, "partNumber": number });
        refused(&scene.call(writer, "getPartUploadUrl", input).await, 400, "InvalidPartNumber");
    }
    for unknown in ["", "nothing", "00000000-0000-4000-8000-000000000000"] {
        refused(&scene.part(writer, unknown, 1, b"x").await, 400, "InvalidUploadId");
        let input = json!({ "uploadId": unknown, "partNumber": 1 });
        refused(&scene.call(writer, "getPartUploadUrl", input).await, 400, "InvalidUploadId");
        refused(
            &scene.call(writer, "abortUpload", json!({ "uploadId": unknown })).await,
            400,
            "InvalidUploadId",
        );
    }
    // Somebody else's.
    refused(&scene.part(&scene.captain, upload, 1, b"x").await, 400, "InvalidUploadId");
    let etag = scene.part(writer, upload, 1, b"wrong").await.expect(200)["etag"].clone();
    let complete = async |digest: &str, parts: serde_json::Value| {
        let input = json!({ "uploadId": upload, "digest": digest, "parts": parts });
        scene.call(writer, "completeUpload", input).await
    };
    refused(&complete(&digest, json!([])).await, 400, "MissingParts");
    refused(&complete(&digest, json!([{ "partNumber": 1, "etag": "other" }])).await, 400, "MissingParts");
    refused(&complete(&digest, json!([{ "partNumber": 2, "etag": etag }])).await, 400, "MissingParts");
    refused(
        &complete(&digest_of("wrong"), json!([{ "partNumber": 1, "etag": etag }])).await,
        400,
        "InvalidDigest",
    );
    refused(&complete(&digest, json!([{ "partNumber": 1, "etag": etag }])).await, 400, "InvalidDigest");
    for content in ["right", "wrong"] {
        assert_eq!(bytes(scene, &digest_of(content)).await.status, 404, "{content}");
    }
    refused(&complete(&digest, json!([{ "partNumber": 1, "etag": etag }])).await, 400, "InvalidUploadId");
    let begun = scene.call(writer, "initiateUpload", json!({ "digest": digest })).await.expect(200);
    let upload = begun["uploadId"].as_str().unwrap();
    scene.part(writer, upload, 1, b"given up").await.expect(200);
    let aborted = scene.call(writer, "abortUpload", json!({ "uploadId": upload })).await.expect(200);
    assert_eq!(aborted, json!({ "status": "aborted" }));
    assert_eq!(bytes(scene, &digest_of("given up")).await.status, 404);
}
