//! The setup wizard.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Site, answers};
use crate::support::on_each_engine;

const ROTATION_KEY: &str = "/api/setup/rotation-key";

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_complete() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        let status = async || site.admin.get("/api/setup/status").await.expect(200);
        let expected = |mode: Value, configured: bool, complete: bool| {
            json!({
                "identity_mode": mode, "identity_configured": configured,
                "plc_verified": false, "setup_complete": complete,
            })
        };
        assert_eq!(status().await, expected(Value::Null, false, false));
        let early = site.admin.post("/api/setup/complete", &json!({})).await;
        assert_eq!(early.expect(400), json!({ "error": "choose an identity mode first" }));
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "not_exposed" })).await);
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_web" })).await);
        assert_eq!(status().await, expected(json!("did_web"), true, false));
        answers(204, &site.admin.post("/api/setup/complete", &json!({})).await);
        assert_eq!(status().await, expected(json!("did_web"), true, true));
        let told = site.log.told().await;
        let (kind, _, _, detail) = told.last().unwrap();
        assert_eq!((kind.as_str(), &detail["mode"]), ("setup.completed", &json!("did_web")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_completion_the_wizard_changes_nothing() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_web" })).await);
        answers(204, &site.admin.post("/api/setup/complete", &json!({})).await);
        for (path, body) in [
            ("/api/setup/identity", json!({ "mode": "not_exposed" })),
            ("/api/setup/plc/register", json!({})),
            ("/api/setup/plc/request", json!({})),
            ("/api/setup/plc/submit", json!({ "token": "x" })),
            ("/api/setup/complete", json!({})),
            ("/api/setup/attach-auth/confirm", json!({ "original_did": "did:web:operator.example.com" })),
        ] {
            let refused = site.admin.post(path, &body).await;
            assert_eq!(refused.expect(403), json!({ "error": "setup is already complete" }), "{path}");
        }
        assert_eq!(site.admin.get("/admin/service-identity").await.expect(200)["mode"], "did_web");
        // The admin API goes on.
        answers(204, &site.admin.put("/admin/service-identity", &json!({ "mode": "did_plc" })).await);
        answers(403, &site.admin.get("/api/setup/rotation-key").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rotation_key_is_handed_out_once() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        answers(400, &site.admin.get(ROTATION_KEY).await);
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_web" })).await);
        answers(400, &site.admin.get(ROTATION_KEY).await);
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_plc" })).await);
        // A picture on somebody's page does not use it up.
        let elsewhere = site.admin.with_header("sec-fetch-site", "cross-site").get(ROTATION_KEY).await;
        assert_eq!(elsewhere.status, 403);
        let answer = site.admin.request(Method::GET, ROTATION_KEY).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/octet-stream");
        assert_eq!(header("content-disposition"), r#"attachment; filename="rotation-key.bin""#);
        assert_eq!(header("cache-control"), "no-store");
        let key = answer.bytes().await.unwrap();
        assert!(atproto::crypto::PrivateKey::p256(key[..].try_into().unwrap()).is_ok());
        let again = site.admin.get(ROTATION_KEY).await;
        assert_eq!(again.expect(403), json!({ "error": "the rotation key has been downloaded already" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_did_plc_is_registered_before_the_end() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_plc" })).await);
        let early = site.admin.post("/api/setup/complete", &json!({})).await;
        assert_eq!(early.expect(400), json!({ "error": "register the DID with the PLC directory first" }));
        // The directory of this test is down.
        answers(502, &site.admin.post("/api/setup/plc/register", &json!({})).await);
        answers(502, &site.admin.post("/admin/service-entries/sync-plc", &json!({})).await);
    })
    .await;
}
