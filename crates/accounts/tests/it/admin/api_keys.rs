//! `/admin/api-keys`.

use serde_json::{Value, json};

use super::people::Person;
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_works_and_is_revoked() {
    on_each_site(async |site| {
        let ada = Person::with(&site, "ada", &["api-keys:create", "api-keys:read", "api-keys:delete"]).await;
        let new = json!({ "name": "backup", "permissions": ["api-keys:read"] });
        let made = ada.http.post("/admin/api-keys", &new).await.expect(201);
        let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
        assert!(key.starts_with("hv_") && key.len() == 35, "{key}");
        let expected = json!({
            "id": id, "name": "backup", "key": key, "key_prefix": &key[..11], "permissions": ["api-keys:read"],
        });
        assert_eq!(made, expected);

        let by_key = site.http.with_bearer(key);
        let listed = by_key.get("/admin/api-keys").await.expect(200);
        assert!(!listed.to_string().contains(key), "a key is shown once");
        let [shown] = &listed.as_array().unwrap()[..] else { panic!("{listed}") };
        assert!(shown["created_at"].as_str().unwrap().ends_with('Z'));
        let mut shown = shown.clone();
        for time in ["created_at", "last_used_at"] {
            shown.as_object_mut().unwrap().remove(time).unwrap();
        }
        let expected = json!({
            "id": id, "name": "backup", "key_prefix": &key[..11], "permissions": ["api-keys:read"], "revoked_at": null,
        });
        assert_eq!(shown, expected);
        let missing = by_key.delete(&format!("/admin/api-keys/{id}")).await.expect(403);
        assert_eq!(missing["error"], "InsufficientPermissions", "its owner may, the key may not");

        assert_eq!(ada.http.delete(&format!("/admin/api-keys/{id}")).await.expect(204), Value::Null);
        assert_eq!(by_key.get("/admin/api-keys").await.status, 401);
        let listed = ada.http.get("/admin/api-keys").await.expect(200);
        assert!(listed[0]["revoked_at"].is_string(), "{listed}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_gets_no_more_than_its_maker_has() {
    on_each_site(async |site| {
        let ada = Person::with(&site, "ada", &["api-keys:create", "jobs:read"]).await;
        let make = async |body: Value| ada.http.post("/admin/api-keys", &body).await;
        let error =
            make(json!({ "name": "k", "permissions": ["jobs:read", "jobs:manage"] })).await.expect(403);
        assert_eq!(
            error,
            json!({ "error": "you cannot grant permissions that you do not hold: jobs:manage" })
        );
        drop(make(json!({ "name": "k", "permissions": ["jobs:all"] })).await.expect(400));
        drop(make(json!({ "name": "", "permissions": [] })).await.expect(400));
        drop(make(json!({ "name": "x".repeat(101), "permissions": [] })).await.expect(400));
        for wrong in
            [json!({ "name": "k" }), json!({ "permissions": [] }), json!({ "name": "k", "permissions": "*" })]
        {
            assert_eq!(make(wrong.clone()).await.status, 422, "{wrong}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_others_are_not_there() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let ada = Person::with(&site, "ada", &["api-keys:create", "api-keys:read", "api-keys:delete"]).await;
        let new = json!({ "name": "k", "permissions": [] });
        let made = root.http.post("/admin/api-keys", &new).await.expect(201);
        assert_eq!(ada.http.get("/admin/api-keys").await.expect(200), json!([]));
        let path = format!("/admin/api-keys/{}", made["id"].as_str().unwrap());
        drop(ada.http.delete(&path).await.expect(404));
        drop(ada.http.delete("/admin/api-keys/none").await.expect(404));
        let listed = root.http.get("/admin/api-keys").await.expect(200);
        assert_eq!(listed[0]["revoked_at"], Value::Null, "{listed}");
    })
    .await;
}
