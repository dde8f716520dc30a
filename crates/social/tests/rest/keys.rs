//! Keys for programs.

use serde_json::json;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn keys_open_what_their_owner_may() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let made = ann.http.post("/social/api-keys", &json!({ "name": "script" })).await.expect(200);
        let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
        assert_eq!(key.len(), 32);
        for client in [
            site.client.with_header("x-api-key", key),
            site.client.with_header("authorization", &format!("ApiKey {key}")),
        ] {
            assert_eq!(client.get("/social/users/me").await.expect(200)["username"], "ann");
        }
        let both = site.client.with_header("x-api-key", key).with_bearer(&bob.token);
        assert_eq!(
            both.get("/social/users/me").await.expect(200)["username"],
            "bob",
            "a token counts before a key"
        );
        let listed = ann.http.get("/social/api-keys").await.expect(200);
        assert_eq!((&listed["keys"][0]["name"], listed.to_string().contains(key)), (&json!("script"), false));
        assert_eq!(bob.http.get("/social/api-keys").await.expect(200), json!({ "keys": [] }));
        let path = format!("/social/api-keys/{id}");
        assert_eq!(bob.does("DELETE", &path).await, 404, "it is not theirs");
        assert_eq!(ann.does("DELETE", &path).await, 204);
        site.client.with_header("x-api-key", key).get("/social/users/me").await.expect(401);
        for bad in [String::new(), "x".repeat(51)] {
            ann.http.post("/social/api-keys", &json!({ "name": bad })).await.expect(422);
        }
    })
    .await;
}
