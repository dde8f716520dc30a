//! A hold that does not answer.

use serde_json::json;

use super::{Scene, until};
use crate::extra::{image, refused};
use crate::stubborn::{pull, push, tags};

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_no_hold_goes_on_while_one_is_down() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let (first, second) = (image(&["v1"]), image(&["v2"]));
    push(scene.repository(), &first).await.unwrap();
    scene.hold.inside().is_down = true;
    let manifest = scene.public().get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    manifest.expect_body(&first.manifests[0].bytes).unwrap();
    assert_eq!(tags(scene.public()).await.unwrap(), ["v1"]);
    let blob = scene.public().get(&first.blobs[0].path()).await.unwrap();
    refused(&blob, 503, "UNKNOWN");
    assert!(blob.header("retry-after").is_some());
    assert!(blob.text().contains(&scene.hold.did), "{}", blob.text());
    // An upload is begun and sent; at its end the hold is needed.
    let blob = &second.blobs[0];
    let upload = scene.repository().begin().await.unwrap();
    let end = scene.repository().finish(&upload, &blob.digest, None, blob.bytes.clone()).await.unwrap();
    refused(&end, 503, "UNKNOWN");
    assert!(end.header("retry-after").is_some());

    scene.hold.inside().is_down = false;
    // It is left alone for a moment.
    until("the hold is asked again", async || push(scene.repository(), &second).await.is_ok()).await;
    for tag in ["v1", "v2"] {
        pull(scene.public(), tag).await.unwrap();
    }
}
