//! Choosing who to be, over the admin API.

use serde_json::{Value, json};

use super::{Site, answers};
use crate::support::on_each_engine;

const PATH: &str = "/admin/service-identity";
const ACCOUNT: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

#[tokio::test(flavor = "multi_thread")]
async fn each_mode_has_its_did_and_shows_no_key() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        assert_eq!(site.admin.get(PATH).await.expect(200), Value::Null);
        for (put, did, has_signing_key) in [
            (json!({ "mode": "not_exposed" }), Value::Null, false),
            (json!({ "mode": "attach_account", "attached_account_did": ACCOUNT }), json!(ACCOUNT), false),
            (json!({ "mode": "did_web" }), json!(site.did()), true),
            (json!({ "mode": "did_plc", "did": null, "signing_key_enc": null }), Value::Null, true),
        ] {
            answers(204, &site.admin.put(PATH, &put).await);
            let shown = site.admin.get(PATH).await.expect(200);
            let expected = json!({
                "mode": put["mode"], "did": did, "signing_key_enc": null, "has_signing_key": has_signing_key,
                "attached_account_did": put["attached_account_did"], "setup_complete": false,
                "created_at": shown["created_at"], "updated_at": shown["updated_at"],
            });
            assert_eq!(shown, expected);
        }
        let mut told = site.log.told().await;
        told.retain(|(kind, ..)| kind == "service_identity.updated");
        let modes: Vec<_> = told.iter().map(|(_, _, _, detail)| &detail["mode"]).collect();
        assert_eq!(modes, ["not_exposed", "attach_account", "did_web", "did_plc"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn impossible_choices_change_nothing() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let before = site.admin.get(PATH).await.expect(200);
        for put in [
            json!({ "mode": "did_key" }),
            json!({ "mode": "" }),
            json!({ "mode": "attach_account" }),
            json!({ "mode": "attach_account", "attached_account_did": "alice.test" }),
            json!({ "mode": "attach_account", "attached_account_did": "did:web:alice.example.com" }),
            json!({ "mode": "did_web", "attached_account_did": ACCOUNT }),
            json!({ "mode": "did_web", "did": "did:web:elsewhere.example.com" }),
            json!({ "mode": "did_plc", "did": ACCOUNT }),
            json!({ "mode": "not_exposed", "did": ACCOUNT }),
            json!({ "mode": "did_web", "signing_key_enc": "AAAA" }),
            json!({ "mode": "did_plc", "rotation_key_enc": "AAAA" }),
        ] {
            assert_eq!(site.admin.put(PATH, &put).await.status, 400, "{put}");
        }
        answers(422, &site.admin.put(PATH, &json!({})).await);
        assert_eq!(site.admin.get(PATH).await.expect(200), before);
        answers(204, &site.admin.put(PATH, &json!({ "mode": "did_web", "did": site.did() })).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_outlive_a_change_of_mind() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = async || {
            let document = site.anyone.get("/.well-known/did.json").await.expect(200);
            document["verificationMethod"][0]["publicKeyMultibase"].clone()
        };
        let first = key().await;
        for mode in ["not_exposed", "did_plc", "did_web"] {
            answers(204, &site.admin.put(PATH, &json!({ "mode": mode })).await);
        }
        assert_eq!(key().await, first);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn private_keys_are_nowhere_in_clear() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        answers(204, &site.admin.put(PATH, &json!({ "mode": "did_plc" })).await);
        let rotation_key = site.admin.request(reqwest::Method::GET, "/api/setup/rotation-key");
        let rotation_key = rotation_key.send().await.unwrap().bytes().await.unwrap();
        let rows = store.state.read(|conn| {
            conn.query_one("SELECT signing_key_enc, rotation_key_enc FROM service_identity", &[], |row| {
                Ok::<_, store::Error>([row.blob(0)?.to_vec(), row.blob(1)?.to_vec()])
            })
        });
        for sealed in rows.await.unwrap() {
            // Key id, nonce, 32 bytes, tag.
            assert_eq!(sealed.len(), 1 + 12 + 32 + 16);
            assert!(!sealed.windows(8).any(|window| rotation_key.windows(8).any(|other| other == window)));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_the_permission_gets_in() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let operator = accounts::Actor::LocalOperator;
        let key = site.accounts.keys.create(&operator, "reader", &["stats:read"]).await.unwrap().key;
        let reader = site.anyone.with_bearer(&key);
        for path in
            [PATH, "/admin/service-entries", "/admin/verification-methods", "/admin/service-entries/1/xrpcs"]
        {
            answers(403, &reader.get(path).await);
            answers(401, &site.anyone.get(path).await);
        }
        for path in [
            "/api/setup/identity",
            "/api/setup/plc/register",
            "/api/setup/plc/request",
            "/api/setup/plc/submit",
            "/api/setup/complete",
        ] {
            answers(403, &reader.post(path, &json!({})).await);
            answers(401, &site.anyone.post(path, &json!({})).await);
        }
        for path in ["/api/setup/rotation-key", "/api/setup/resolve?q=x"] {
            answers(403, &reader.get(path).await);
            answers(401, &site.anyone.get(path).await);
        }
        answers(200, &reader.get("/api/setup/status").await);
        answers(401, &site.anyone.get("/api/setup/status").await);
    })
    .await;
}
