//! Pushing, pulling, mounting and deleting.

use bytes::Bytes;
use registry_conformance::Repository;
use registry_conformance::client::Request;
use registry_conformance::content::{Algorithm, Blob};
use serde_json::json;

use super::{Scene, until};
use crate::extra::{image, refused};
use crate::stubborn::{has_pushed_blob, pull, push, tags};

#[tokio::test(flavor = "multi_thread")]
async fn blobs_are_in_the_hold_that_the_owner_wants() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    let manifest = &set.manifests[0];
    assert_eq!(scene.hold_of(&manifest.digest).await, scene.hold.did);
    for blob in &set.blobs {
        assert_eq!(scene.hold.inside().blobs[&blob.digest], blob.bytes);
    }
    let notice = scene.hold.inside().notices[0].clone();
    assert_eq!(notice["operation"], "push");
    assert_eq!(notice["tag"], "v1");
    assert_eq!(notice["userDid"], scene.person.account.did.as_str());
    assert_eq!(notice["manifestDigest"], manifest.digest.as_str());
    assert_eq!(notice["manifest"]["layers"].as_array().unwrap().len(), 2);

    // Nothing of it remains here: what was staged is gone.
    let left = std::fs::read_dir(scene.registry.options.data_dir.join("registry/blobs/sha256"));
    let left = left.map(|all| all.flat_map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap()).count());
    assert_eq!(left.unwrap_or_default(), 0);

    assert_eq!(pull(scene.public(), "v1").await.unwrap(), manifest.digest);
    let blob = &set.blobs[1];
    let answer = scene.public().get(&blob.path()).await.unwrap().expect(&[200]).unwrap();
    let redirect = answer.redirect.unwrap();
    assert!(redirect["location"].to_str().unwrap().contains("/signed/"), "{redirect:?}");
    assert_eq!(redirect["cache-control"], "no-store");
    let head = scene.public().head(&blob.path()).await.unwrap().expect(&[200]).unwrap();
    assert_eq!(head.header("content-length"), Some(&*blob.bytes.len().to_string()));
    assert_eq!(head.header("docker-content-digest"), Some(&*blob.digest));

    // Of one who comes by, and once.
    until("the hold is told of a pull", async || {
        scene.hold.inside().notices.iter().any(|notice| notice["operation"] == "pull")
    })
    .await;
    let digest = scene.repository().delete(&manifest.path()).await.unwrap();
    digest.expect(&[202]).unwrap();
    refused(&scene.public().get("manifests/v1").await.unwrap(), 404, "MANIFEST_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_gives_bytes_is_read_through_the_registry() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    scene.hold.inside().gives_bytes = true;
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    pull(scene.public(), "v1").await.unwrap();
    let blob = &set.blobs[1];
    let path = scene.public().path(&blob.path());
    let request = Request::get(path).with("range", "bytes=10-19");
    let answer = scene.anybody.send(&request).await.unwrap().expect(&[206]).unwrap();
    assert!(answer.redirect.is_none());
    let range = format!("bytes 10-19/{}", blob.bytes.len());
    assert_eq!(answer.header("content-range"), Some(&*range));
    answer.expect_body(&blob.bytes[10..20]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_is_mounted_within_its_hold_and_not_beyond() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    let blob = &set.blobs[1];
    let other = Repository { name: "alice.test/other", ..scene.repository() };
    let query = format!("?mount={}&from=alice.test/app", blob.digest);
    other.post(&query, Bytes::new()).await.unwrap().expect(&[201]).unwrap();
    other.get(&blob.path()).await.unwrap().expect(&[200]).unwrap().expect_body(&blob.bytes).unwrap();

    scene.prefer(&json!({})).await;
    let third = Repository { name: "alice.test/third", ..scene.repository() };
    until("it is mounted no more", async || {
        third.post(&query, Bytes::new()).await.unwrap().expect(&[201, 202]).unwrap().status == 202
    })
    .await;
}

/// One of several parts, of which the last is short, and one of nothing at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_blob_goes_there_in_parts() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    for size in [0, 1, (16 << 20) + 5] {
        let blob = Blob::random(Algorithm::Sha256, size);
        assert!(has_pushed_blob(scene.repository(), &blob).await.unwrap());
        assert_eq!(scene.hold.inside().blobs[&blob.digest], blob.bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_goes_with_its_last_tag_if_its_owner_wants_that() {
    let Some(scene) = Scene::with_profile(json!({}), json!({ "autoRemoveUntagged": true })).await else {
        return;
    };
    let (old, kept, new) = (image(&["v1"]), image(&["v1", "kept"]), image(&["v1"]));
    for set in [&old, &kept, &new] {
        push(scene.repository(), set).await.unwrap();
    }
    let status =
        async |digest: &str| scene.public().get(&format!("manifests/{digest}")).await.unwrap().status;
    assert_eq!(status(&old.manifests[0].digest).await, 404);
    assert_eq!(status(&kept.manifests[0].digest).await, 200);
    assert_eq!(tags(scene.public()).await.unwrap(), ["kept", "v1"]);
}
