//! People who leave.

use serde_json::json;

use crate::site::{PASSWORD, on_each_site, registration};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_takes_everything_along() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        ann.does("POST", "/social/users/bob/follow").await;
        bob.does("POST", "/social/users/ann/follow").await;
        let key = ann.http.post("/social/api-keys", &json!({ "name": "k" })).await.expect(200);
        let key = site.client.with_header("x-api-key", key["key"].as_str().unwrap());
        ann.http.post("/social/thoughts", &json!({ "content": "hello" })).await.expect(201);
        let path = "/social/users/me";
        assert_eq!(ann.sends("DELETE", path, &json!({ "password": "wrong" })).await.status, 401);
        assert_eq!(ann.sends("DELETE", path, &json!({})).await.status, 401);
        assert_eq!(ann.sends("DELETE", path, &json!({ "password": PASSWORD })).await.status, 204);
        ann.http.get(path).await.expect(401);
        key.get(path).await.expect(401);
        site.client.get("/social/users/ann").await.expect(404);
        let bob_now = bob.http.get(path).await.expect(200);
        assert_eq!((&bob_now["followersCount"], &bob_now["followingCount"]), (&json!(0), &json!(0)));
        site.client.post("/social/auth/register", &registration("ann")).await.expect(409);
        let left = "SELECT (SELECT count(*) FROM social_thoughts) + (SELECT count(*) FROM social_follows)
            + (SELECT count(*) FROM social_api_keys) + (SELECT count(*) FROM social_notifications)
            + (SELECT count(*) FROM social_users WHERE username = 'ann' AND (bio IS NOT NULL OR display_name IS NOT NULL))";
        assert_eq!(site.number(left).await, 0);
        assert_eq!(site.number("SELECT count(*) FROM social_tombstones").await, 1);
        let told = "SELECT count(*) FROM social_events WHERE data LIKE '%UserDeleted%'";
        assert_eq!(site.number(told).await, 1, "others have to be told");
        let key = "SELECT count(*) FROM social_keys k JOIN social_users u ON u.id = k.user_id WHERE u.username = 'ann'";
        assert_eq!(site.number(key).await, 1, "with what they signed with");
    })
    .await;
}
