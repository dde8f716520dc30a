//! Private holds, crews, and holds without room.

use registry_conformance::Repository;
use registry_conformance::client::Client;
use serde_json::json;

use super::{Scene, until};
use crate::extra::{image, refused};
use crate::ours::BOB;
use crate::pds::Person;
use crate::stubborn::{pull, push, tags};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_hold_is_read_by_its_crew_only() {
    let Some(scene) = Scene::start(json!({ "public": false })).await else { return };
    let set = image(&["v1"]);
    push(scene.repository(), &set).await.unwrap();
    assert_eq!(pull(scene.repository(), "v1").await.unwrap(), set.manifests[0].digest);
    let blob = set.blobs[0].path();
    // Everybody may read the manifest, which is a record of its owner's.
    scene.public().get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    let stranger = scene.public().get(&blob).await.unwrap();
    refused(&stranger, 401, "UNAUTHORIZED");
    assert!(stranger.header("www-authenticate").is_some());

    let second = Person::new(&scene.network, BOB).await;
    let client = second.client(&scene.registry);
    let for_bob = Repository { client: &client, ..scene.repository() };
    refused(&for_bob.get(&blob).await.unwrap(), 403, "DENIED");
    let member = json!({ "member": second.account.did, "permissions": ["blob:read"] });
    scene.hold.inside().crew.insert(second.account.did.clone(), member);
    for_bob.get(&blob).await.unwrap().expect(&[200]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_of_the_crew_does_not_push_there() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let bob = Person::new(&scene.network, BOB).await;
    let profile = json!({ "$type": super::PROFILE, "createdAt": "2026-01-01T00:00:00Z", "defaultHold": scene.hold.did });
    scene.network.create_record(&bob.account.did, super::PROFILE, Some("self"), &profile).await;
    let client: Client = bob.client(&scene.registry);
    let bobs = Repository { client: &client, name: "bob.test/app" };
    let answer = bobs.post("", bytes::Bytes::new()).await.unwrap();
    refused(&answer, 403, "DENIED");
    assert!(answer.text().contains(&scene.hold.did), "{}", answer.text());

    // The captain takes everybody on from now on, which is known when "no" is not believed any more.
    let eve = Person::new(&scene.network, "eve.test").await;
    let mut open = scene.hold.inside().captain.clone();
    open["allowAllCrew"] = true.into();
    let hold = super::StandIn::start(&scene.network, open).await;
    let profile =
        json!({ "$type": super::PROFILE, "createdAt": "2026-01-01T00:00:00Z", "defaultHold": hold.did });
    scene.network.create_record(&eve.account.did, super::PROFILE, Some("self"), &profile).await;
    let client = eve.client(&scene.registry);
    let eves = Repository { client: &client, name: "eve.test/app" };
    push(eves, &image(&["v1"])).await.unwrap();
    assert!(hold.inside().crew.contains_key(&eve.account.did));
    let asked = hold.inside().calls.iter().filter(|(call, _)| call.ends_with("requestCrew")).count();
    assert_eq!(asked, 1);

    // Let go, she is refused by the hold itself, and what she has pushed can be pulled still.
    hold.inside().crew.clear();
    hold.inside().captain["allowAllCrew"] = false.into();
    let refusal = async || {
        let set = image(&["v2"]);
        let upload = eves.post("", bytes::Bytes::new()).await.unwrap();
        if upload.status != 202 {
            return upload;
        }
        let first = &set.blobs[0];
        eves.finish(&upload.location().unwrap(), &first.digest, None, first.bytes.clone()).await.unwrap()
    };
    refused(&refusal().await, 403, "DENIED");
    pull(eves, "v1").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_there_is_no_record() {
    let Some(scene) = Scene::start(json!({})).await else { return };
    let (first, second) = (image(&["v1"]), image(&["v2"]));
    push(scene.repository(), &first).await.unwrap();
    scene.hold.inside().is_full = true;
    let refusal = push(scene.repository(), &second).await.unwrap_err().to_string();
    assert!(
        refusal.contains("403") && refusal.contains("has no room") && refusal.contains("DENIED"),
        "{refusal}"
    );
    assert_eq!(tags(scene.public()).await.unwrap(), ["v1"]);
    let records = scene.network.list_records(&scene.person.account, "io.atcr.manifest").await;
    assert_eq!(records.len(), 1);
    scene.hold.inside().is_full = false;
    push(scene.repository(), &second).await.unwrap();
    until("both are there", async || tags(scene.public()).await.unwrap() == ["v1", "v2"]).await;
}
