//! What people say of themselves.

use serde_json::json;

use crate::site::{BASE, on_each_site};

#[tokio::test(flavor = "multi_thread")]
async fn profiles_are_changed_by_their_owners() {
    on_each_site(|site| async move {
        let ann = site.person("ann").await;
        let wanted = json!({
            "displayName": "Ann", "bio": "writes", "customCss": "body + x{color:red} .y{color:red;position:fixed}",
            "profileFields": [{ "name": "web", "value": "https://ann.example" }],
            "customMoods": [{ "name": "calm", "value": "🌊" }], "avatarUrl": "https://ann.example/a.png",
        });
        let changed = ann.http.patch("/social/users/me", &wanted).await.expect(200);
        assert_eq!(changed["customCss"], "#profile-page-ann .y { color: red; }\n");
        let seen = site.client.get("/social/users/ann").await.expect(200);
        for field in ["displayName", "bio", "profileFields", "customMoods", "avatarUrl"] {
            assert_eq!(seen[field], wanted[field], "{field}");
        }
        assert_eq!(seen["actorUrl"], format!("{BASE}/users/{}", ann.id));
        for name in [format!("/social/users/{}", ann.id), "/social/users/@Ann@here.example".to_owned()] {
            assert_eq!(site.client.get(&name).await.expect(200)["id"], ann.id.as_str());
        }
        let cleared = ann.http.patch("/social/users/me", &json!({ "bio": "", "customCss": "" })).await.expect(200);
        assert_eq!((&cleared["bio"], &cleared["customCss"]), (&json!(null), &json!(null)));
        assert_eq!(cleared["displayName"], "Ann", "what is not named stays");
        let told = site.number("SELECT count(*) FROM social_events WHERE data LIKE '%ProfileUpdated%'").await;
        assert_eq!(told, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_profile_is_refused() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let field = json!({ "name": "n", "value": "v" });
        for bad in [
            json!({ "displayName": "x".repeat(51) }),
            json!({ "bio": "ä".repeat(161) }),
            json!({ "bio": "\0" }),
            json!({ "customCss": "a".repeat(16 * 1024 + 1) }),
            json!({ "avatarUrl": "http://ann.example/a.png" }),
            json!({ "headerUrl": "javascript:alert(1)" }),
            json!({ "avatarUrl": format!("{BASE}/media/users/{}/avatar-1.png", bob.id) }),
            json!({ "profileFields": [field, field, field, field, field] }),
            json!({ "profileFields": [{ "name": "x".repeat(65), "value": "" }] }),
            json!({ "customMoods": [{ "name": "x".repeat(33), "value": "v" }] }),
            json!({ "bio": 1 }),
        ] {
            ann.http.patch("/social/users/me", &bad).await.expect(422);
        }
        site.client.get("/social/users/nobody").await.expect(404);
        site.client.get("/social/users/instance").await.expect(404);
        let all = ann.names("/social/users").await;
        assert_eq!(
            (all, ann.names("/social/users?q=AN").await),
            (vec!["ann".into(), "bob".into()], vec!["ann".into()])
        );
        assert_eq!(ann.names("/social/users?q=%25").await, Vec::<String>::new());
        assert_eq!(site.client.get("/social/users/count").await.expect(200), json!({ "count": 2 }));
        ann.http.get("/social/users?page=x").await.expect(400);
        assert_eq!(ann.http.get("/social/users?per_page=1000&page=0").await.expect(200)["perPage"], 100);
        ann.http.get("/social/users?page=1000000").await.expect(400);
    })
    .await;
}
