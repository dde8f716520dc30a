//! Asking to be taken on, tiers, and what is kept of somebody.

use serde_json::json;

use super::{Scene, refused};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_is_taken_on_where_everybody_is() {
    let scene = Scene::new(&[("HOLD_ALLOW_ALL_CREW", "true")]).await;
    let stranger = &scene.stranger;
    for wish in [
        json!({ "permissions": ["crew:admin"] }),
        json!({ "role": "owner" }),
        json!({ "permissions": ["all"] }),
    ] {
        refused(&scene.call(stranger, "requestCrew", wish).await, 400, "InvalidRequest");
    }
    let made = scene.call(stranger, "requestCrew", json!({})).await.expect(200);
    let uri = format!("at://{}/io.atcr.hold.crew/{}", scene.hold, stranger.did);
    assert_eq!((&made["status"], &made["uri"]), (&json!("created"), &json!(uri)));
    for member in [stranger, &scene.captain] {
        let again = scene.call(member, "requestCrew", json!({})).await.expect(200);
        assert_eq!(again["status"], "already_member");
    }
    // Captain, three who were there, and the new one.
    let crew = scene.records_when("io.atcr.hold.crew", 5).await;
    let record = crew.iter().find(|record| record["uri"] == uri).unwrap();
    assert_eq!(record["value"]["permissions"], json!(["blob:read", "blob:write"]));
    assert_eq!(record["value"]["role"], "member");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_taken_on_where_the_captain_decides() {
    let scene = Scene::new(&[]).await;
    refused(&scene.call(&scene.stranger, "requestCrew", json!({})).await, 403, "RegistrationDisabled");
    let of_appview = scene.appview.draft(&scene.hold, "io.atcr.hold.requestCrew");
    let token = of_appview.claim("sub", scene.stranger.did.as_str()).sign(&scene.appview.key);
    let answer = scene.nobody().with_bearer(&token).post("/xrpc/io.atcr.hold.requestCrew", &json!({})).await;
    refused(&answer, 401, "AuthRequired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_registry_says_who_is_in_which_tier() {
    let scene = Scene::new(&[]).await;
    let wish = |rank: u32, did: &str| json!({ "userDid": did, "tierRank": rank });
    let writer = scene.writer.did.as_str();
    let done = scene.call(&scene.appview, "updateCrewTier", wish(1, writer)).await.expect(200);
    assert_eq!(done, json!({ "tierName": "bosun" }));
    let quota =
        scene.nobody().get_with("/xrpc/io.atcr.hold.getQuota", &[("userDid", writer)]).await.expect(200);
    assert_eq!((&quota["tier"], &quota["limit"]), (&json!("bosun"), &json!(1_000_000)));
    refused(&scene.call(&scene.appview, "updateCrewTier", wish(2, writer)).await, 400, "InvalidRequest");
    refused(
        &scene.call(&scene.appview, "updateCrewTier", wish(0, &scene.stranger.did)).await,
        400,
        "UserNotFound",
    );
    for somebody in [&scene.captain, &scene.admin, &scene.writer] {
        refused(&scene.call(somebody, "updateCrewTier", wish(1, writer)).await, 403, "Forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_what_is_kept_of_them_and_can_have_it_deleted() {
    let scene = Scene::new(&[]).await;
    let writer = &scene.writer;
    let layer = scene.send(writer, "layer", 10).await;
    scene.notify(writer, "push", &[&layer]).await.expect(200);
    let other = scene.send(&scene.captain, "other", 10).await;
    scene.notify(&scene.captain, "push", &[&other]).await.expect(200);
    scene.records_when("io.atcr.hold.stats", 2).await;
    let export = "io.atcr.hold.exportUserData";
    let exported = scene.of(writer, export).get(&format!("/xrpc/{export}")).await.expect(200);
    assert_eq!((&exported["userDid"], &exported["isCaptain"]), (&json!(writer.did), &json!(false)));
    assert_eq!(exported["crewRecord"]["member"], json!(writer.did));
    assert_eq!(exported["layerRecords"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&exported["layerRecords"][0]["digest"], &exported["statsRecords"][0]["pushCount"]),
        (&json!(layer), &json!(1))
    );
    assert!(!exported.to_string().contains(&scene.captain.did));
    let deleted = scene.call(writer, "deleteUserData", json!({})).await.expect(200);
    let expected = json!({ "success": true, "crewDeleted": true, "layersDeleted": 1, "statsDeleted": 1 });
    assert_eq!(deleted, expected);
    for collection in ["layer", "stats"] {
        let left = scene.records_when(&format!("io.atcr.hold.{collection}"), 1).await;
        assert!(!left[0].to_string().contains(&writer.did), "{left:?}");
    }
    assert!(!json!(scene.records_when("io.atcr.hold.crew", 3).await).to_string().contains(&writer.did));
    let after = scene.of(writer, export).get(&format!("/xrpc/{export}")).await.expect(200);
    assert!(after["crewRecord"].is_null() && after["layerRecords"] == json!([]));
}
