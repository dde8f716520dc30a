//! Friends and what they are told.

use serde_json::json;
use store::v;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn become_friends_and_hear_of_it() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let (ann_id, bob_id) = (ann.id().await, bob.id().await);
        let mut socket = bob.socket().await;
        let asked = ann.http.post("/v1/friends/add", &json!({ "uid": bob_id })).await.expect(200);
        assert_eq!((&asked["user"]["id"], &asked["user"]["status"]), (&json!(bob_id), &json!("requested")));
        let told = socket.updates(1).await;
        assert_eq!(told[0]["body"], json!({ "kind": "friend_request", "uid": ann_id }));
        assert_eq!(told[0]["repeatKey"], json!(format!("friend_request_{ann_id}")));
        assert_eq!(bob.http.get("/v1/friends").await.expect(200)["friends"][0]["status"], "pending");
        let accepted = bob.http.post("/v1/friends/add", &json!({ "uid": ann_id })).await.expect(200);
        assert_eq!(accepted["user"]["status"], "friend");
        let feed = ann.http.get("/v1/feed").await.expect(200);
        assert_eq!(feed["items"][0]["body"], json!({ "kind": "friend_accepted", "uid": bob_id }));
        assert_eq!(feed["items"][0]["cursor"], "0-1");
        let ended = ann.http.post("/v1/friends/remove", &json!({ "uid": bob_id })).await.expect(200);
        assert_eq!(ended["user"]["status"], "requested", "as the reference has it");
        assert_eq!(ann.http.get("/v1/friends").await.expect(200)["friends"][0]["status"], "pending");
        assert_eq!(ann.http.get(&format!("/v1/user/{bob_id}")).await.expect(200)["user"]["firstName"], "");
        ann.http.get("/v1/user/nobody").await.expect(404);
        for uid in [ann_id.as_str(), "nobody"] {
            let nobody = ann.http.post("/v1/friends/add", &json!({ "uid": uid })).await.expect(200);
            assert_eq!(nobody, json!({ "user": null }));
        }
        ann.http.get("/v1/feed?before=x").await.expect(400);
        let named = site.store.state.write(move |conn| {
            for (id, name) in [(&ann_id, "Ann_B"), (&bob_id, "anna")] {
                conn.execute("UPDATE sync_accounts SET username = $2 WHERE id = $1", &[v(id), v(name)])?;
            }
            Ok::<_, store::Error>(())
        });
        named.await.unwrap();
        for (query, expected) in [
            ("AN", vec!["Ann_B", "anna"]),
            ("anna", vec!["anna"]),
            ("ann%25", vec![]),
            ("ann_", vec!["Ann_B"]),
            ("b", vec![]),
            ("", vec!["Ann_B", "anna"]),
        ] {
            let found = ann.http.get(&format!("/v1/user/search?query={query}")).await.expect(200);
            let listed: Vec<_> =
                found["users"].as_array().unwrap().iter().map(|it| &it["username"]).collect();
            assert_eq!(listed, expected, "{query}");
        }
        assert_eq!(ann.http.get("/v1/user/search?query=x").await.expect(200), json!({ "users": [] }));
    })
    .await;
}
