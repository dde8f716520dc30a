//! What must not get in, each with its own word.

use bytes::Bytes;
use registry_conformance::content::{Algorithm, Blob, INDEX, MANIFEST};
use serde_json::json;

use super::{Scene, image, push, refused};

#[tokio::test(flavor = "multi_thread")]
async fn manifests_that_are_none() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let set = image(&["v1"]);
    push(repository, &set).await;
    let good = &set.manifests[0];
    let bytes = |json: &serde_json::Value| Bytes::from(json.to_string());
    let mut typed = good.json.clone();
    typed["mediaType"] = INDEX.into();
    let old = json!({ "schemaVersion": 1, "name": "a", "tag": "b", "fsLayers": [], "history": [] });
    let wrong_type = json!({ "schemaVersion": 2, "config": "text", "layers": 7 });
    let depth = "[".repeat(10_000);
    for (name, media_type, body) in [
        ("not JSON", MANIFEST, Bytes::from_static(b"{")),
        ("nothing", MANIFEST, Bytes::new()),
        ("a list", MANIFEST, Bytes::from_static(b"[]")),
        ("another type", MANIFEST, bytes(&typed)),
        ("schema 1", "application/vnd.docker.distribution.manifest.v1+prettyjws", bytes(&old)),
        ("wrong types", MANIFEST, bytes(&wrong_type)),
        ("too deep", MANIFEST, depth.into()),
    ] {
        let answer = repository.put_manifest("bad", media_type, body).await.unwrap();
        println!("{name}: {}", answer.text());
        refused(&answer, 400, "MANIFEST_INVALID");
    }
    let long = Bytes::from(format!("{{\"annotations\":{{\"a\":\"{}\"}}}}", "x".repeat(9 << 20)));
    let answer = repository.put_manifest("long", MANIFEST, long).await.unwrap();
    refused(&answer, 413, "SIZE_INVALID");
    repository.get("manifests/bad").await.unwrap().expect(&[404]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_needed_must_be_there_and_stays() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let set = image(&["v1", "v2"]);
    let manifest = &set.manifests[0];
    let answer = repository.put_manifest("v1", MANIFEST, manifest.bytes.clone()).await.unwrap();
    refused(&answer, 400, "MANIFEST_BLOB_UNKNOWN");
    let named = answer.json().unwrap()["errors"].as_array().unwrap().len();
    assert_eq!(named, set.blobs.len(), "each missing blob is named: {}", answer.text());

    push(repository, &set).await;
    for blob in &set.blobs {
        refused(&repository.delete(&blob.path()).await.unwrap(), 405, "UNSUPPORTED");
        repository.head(&blob.path()).await.unwrap().expect(&[200]).unwrap();
    }
    // A manifest takes its tags with it.
    repository.delete(&manifest.path()).await.unwrap().expect(&[202]).unwrap();
    for tag in &manifest.tags {
        repository.head(&format!("manifests/{tag}")).await.unwrap().expect(&[404]).unwrap();
    }
    refused(&repository.delete(&manifest.path()).await.unwrap(), 404, "MANIFEST_UNKNOWN");
    for blob in &set.blobs {
        repository.delete(&blob.path()).await.unwrap().expect(&[202]).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_has_a_name() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let Blob { digest, bytes } = Blob::random(Algorithm::Sha256, 64);
    refused(&repository.get(&format!("blobs/{digest}")).await.unwrap(), 404, "BLOB_UNKNOWN");
    refused(
        &repository.get("blobs/uploads/00000000-0000-4000-8000-000000000000").await.unwrap(),
        404,
        "BLOB_UPLOAD_UNKNOWN",
    );
    refused(&repository.get("tags/list?n=-1").await.unwrap(), 400, "PAGINATION_NUMBER_INVALID");
    refused(&repository.get("referrers/sha256:short").await.unwrap(), 400, "DIGEST_INVALID");
    let upload = repository.begin().await.unwrap();
    let answer = repository.finish(&upload, &digest, None, Bytes::from_static(b"other")).await.unwrap();
    refused(&answer, 400, "DIGEST_INVALID");
    let answer = repository.finish(&upload, &digest, None, bytes.clone()).await.unwrap();
    refused(&answer, 404, "BLOB_UPLOAD_UNKNOWN");
    // An upload belongs to its repository.
    let upload = repository.begin().await.unwrap();
    let elsewhere = upload.replace("alice.test/one", "alice.test/two");
    let answer = repository.finish(&elsewhere, &digest, None, bytes).await.unwrap();
    refused(&answer, 404, "BLOB_UPLOAD_UNKNOWN");
}
