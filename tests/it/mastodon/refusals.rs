//! What a token is not good for. That each route refuses each scope but its own is proven beside the routes.

use serde_json::json;
use testkit::databases;

use super::instance::Instance;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_its_scopes_until_it_ends() {
    for database in databases().await {
        let instance = Instance::start(database).await;
        instance.register("alice").await;
        let post = json!({ "status": "Hello" });
        let reader = instance.client("alice", "read").await;
        let writer = instance.client("alice", "write:statuses").await;
        let (statuses, home) = ("/api/v1/statuses", "/api/v1/timelines/home");

        instance.http().get(home).await.expect(401);
        instance.http().post(statuses, &post).await.expect(401);
        instance.http().with_bearer("nonsense").get(home).await.expect(401);
        // A bad token is refused even where none is needed.
        instance.http().with_bearer("nonsense").get("/api/v1/timelines/public").await.expect(401);
        instance.http().get("/api/v1/timelines/public").await.expect(200);

        let refused = reader.post(statuses, &post).await.expect(403);
        assert_eq!(refused, json!({ "error": "This action is outside the authorized scopes" }));
        let written = writer.post(statuses, &post).await.expect(200);
        writer.get(home).await.expect(403);
        assert_eq!(reader.get(home).await.expect(200)[0]["id"], written["id"]);

        // A client that is nobody.
        let app = instance.app("read write").await;
        let grant = json!({ "grant_type": "client_credentials", "scope": "read write" });
        let token = instance.exchange(&app, &grant).await.expect(200)["access_token"].clone();
        let client = instance.http().with_bearer(token.as_str().unwrap());
        assert_eq!(client.get("/api/v1/apps/verify_credentials").await.expect(200)["name"], "A test");
        client.post(statuses, &post).await.expect(422);
        client.get("/api/v1/timelines/public").await.expect(200);

        // Only streams take a token from the address.
        let query = [("access_token", token.as_str().unwrap())];
        instance.http().get_with("/api/v1/apps/verify_credentials", &query).await.expect(401);

        let revoke = |id: &serde_json::Value, secret: &serde_json::Value| json!({ "client_id": id, "client_secret": secret, "token": token });
        let (id, secret) = (&app["client_id"], &app["client_secret"]);
        let other = instance.app("read").await;
        instance
            .http()
            .post("/oauth/revoke", &revoke(&other["client_id"], &other["client_secret"]))
            .await
            .expect(200);
        client.get("/api/v1/apps/verify_credentials").await.expect(200);
        instance.http().post("/oauth/revoke", &revoke(id, &json!("wrong"))).await.expect(401);
        instance.http().post("/oauth/revoke", &revoke(id, secret)).await.expect(200);
        client.get("/api/v1/apps/verify_credentials").await.expect(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_or_sees_what_is_not_theirs() {
    for database in databases().await {
        let instance = Instance::start(database).await;
        instance.register("alice").await;
        instance.register("eve").await;
        let alice = instance.client("alice", "read write follow").await;
        let eve = instance.client("eve", "read write follow").await;
        let secret = json!({ "status": "Between us", "visibility": "private" });
        let secret = alice.post("/api/v1/statuses", &secret).await.expect(200);
        let open = alice.post("/api/v1/statuses", &json!({ "status": "Open" })).await.expect(200);
        let at = |status: &serde_json::Value, what: &str| {
            format!("/api/v1/statuses/{}{what}", status["id"].as_str().unwrap())
        };
        for what in ["", "/context", "/source", "/history", "/reblogged_by", "/favourited_by"] {
            eve.get(&at(&secret, what)).await.expect(404);
        }
        for what in ["/favourite", "/reblog", "/bookmark"] {
            eve.post(&at(&secret, what), &json!({})).await.expect(404);
        }
        let reply = json!({ "status": "I know", "in_reply_to_id": secret["id"] });
        eve.post("/api/v1/statuses", &reply).await.expect(404);
        eve.put(&at(&open, ""), &json!({ "status": "Changed" })).await.expect(404);
        eve.delete(&at(&open, "")).await.expect(404);
        eve.get(&at(&open, "/source")).await.expect(404);
        for wrong in [
            json!({ "status": "" }),
            json!({ "status": "x".repeat(129) }),
            json!({ "status": "x", "visibility": "everybody" }),
            json!({ "status": "x", "poll": { "options": ["a", "b"], "expires_in": 60 } }),
            json!({ "status": "x", "media_ids": ["17"] }),
        ] {
            eve.post("/api/v1/statuses", &wrong).await.expect(422);
        }
        assert_eq!(alice.get(&at(&open, "")).await.expect(200)["content"], "<p>Open</p>");
    }
}
