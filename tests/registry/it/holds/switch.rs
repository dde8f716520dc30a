//! Owners who change their mind, and holds that move.

use registry_conformance::Credentials;
use registry_conformance::client::Request;
use reqwest::Method;
use serde_json::json;

use super::{Scene, until};
use crate::extra::image;
use crate::stubborn::{pull, push};

#[tokio::test(flavor = "multi_thread")]
async fn old_images_stay_where_they_are() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let (old, new) = (image(&["old"]), image(&["new"]));
    push(scene.repository(), &old).await.unwrap();
    scene.prefer(&json!({ "defaultHold": null })).await;
    // Whoever looks whether a blob has to be sent is told so now, and nobody else.
    let blob = old.blobs[0].path();
    until("the profile is known", async || looks_to_push(&scene, &blob).await == 404).await;
    scene.public().head(&blob).await.unwrap().expect(&[200]).unwrap();
    push(scene.repository(), &new).await.unwrap();
    assert_eq!(scene.hold_of(&old.manifests[0].digest).await, scene.hold.did);
    assert_ne!(scene.hold_of(&new.manifests[0].digest).await, scene.hold.did);
    for set in [&old, &new] {
        assert_eq!(pull(scene.public(), &set.manifests[0].tags[0]).await.unwrap(), set.manifests[0].digest);
    }
    // A tag for an old image needs nothing to be sent; nor does the image move.
    let manifest = &old.manifests[0];
    let answer = scene.repository().put_manifest("older", manifest.media_type, manifest.bytes.clone()).await;
    answer.unwrap().expect(&[201]).unwrap();
    assert_eq!(scene.hold_of(&manifest.digest).await, scene.hold.did);
    // Sent anew, it does.
    for blob in &old.blobs {
        let upload = scene.repository().begin().await.unwrap();
        let sent = scene.repository().finish(&upload, &blob.digest, None, blob.bytes.clone()).await.unwrap();
        sent.expect(&[201]).unwrap();
    }
    push(scene.repository(), &old).await.unwrap();
    assert_ne!(scene.hold_of(&manifest.digest).await, scene.hold.did);
    pull(scene.public(), "older").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_record_counts_where_the_profile_says_nothing_of_holds() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    let address = scene.hold.did.replace("did:web:", "http://").replace("%3A", ":");
    let owner = &scene.person.account.did;
    let older = json!({
        "$type": "io.atcr.hold", "endpoint": address, "owner": owner, "createdAt": "2025-01-01T00:00:00Z",
    });
    scene.network.create_record(owner, "io.atcr.hold", Some("mine"), &older).await;
    let blob = set.blobs[0].path();
    for (profile, status) in [(json!({ "defaultHold": null }), 404), (json!({}), 200)] {
        scene.prefer(&profile).await;
        until("the profile is known", async || looks_to_push(&scene, &blob).await == status).await;
    }
}

/// What the owner is told who may push as well as pull.
async fn looks_to_push(scene: &Scene, what: &str) -> u16 {
    let Credentials { user, password } = scene.person.target(&scene.registry).credentials.unwrap();
    let basic = data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes());
    let request = Request::new(Method::HEAD, scene.repository().path(what));
    let request = request.with("authorization", format!("Basic {basic}"));
    scene.alice.send_bare(&request).await.unwrap().status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_has_moved_is_followed() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let owner = scene.hold.inside().captain.clone();
    let old = super::StandIn::start(&scene.network, owner).await;
    old.inside().captain["successor"] = scene.hold.did.as_str().into();
    scene.prefer(&json!({ "defaultHold": old.did })).await;
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    assert_eq!(scene.hold_of(&set.manifests[0].digest).await, scene.hold.did);
    assert!(old.inside().blobs.is_empty());
    pull(scene.public(), "v1").await.unwrap();

    // In a circle, it is nowhere.
    let captain = old.inside().captain.clone();
    let around = super::StandIn::start(&scene.network, captain.clone()).await;
    around.inside().captain["successor"] = json!(null);
    let next = super::StandIn::start(&scene.network, captain).await;
    next.inside().captain["successor"] = around.did.as_str().into();
    around.inside().captain["successor"] = next.did.as_str().into();
    scene.prefer(&json!({ "defaultHold": around.did })).await;
    until("it is refused", async || {
        let answer = scene.repository().post("", bytes::Bytes::new()).await.unwrap();
        answer.status == 502 && answer.text().contains("has moved more than")
    })
    .await;
}
