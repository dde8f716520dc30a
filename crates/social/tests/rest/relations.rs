//! What people are to each other, and what they are told.

use serde_json::json;

use crate::site::{BASE, on_each_site};

#[tokio::test(flavor = "multi_thread")]
async fn people_follow_and_are_told() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        assert_eq!(ann.does("POST", "/social/users/bob/follow").await, 204);
        assert_eq!(ann.does("POST", "/social/users/@bob@here.example/follow").await, 204);
        assert_eq!(ann.does("POST", "/social/users/ann/follow").await, 422);
        assert_eq!(ann.does("POST", "/social/users/nobody/follow").await, 404);
        assert_eq!(ann.does("POST", "/social/users/x@elsewhere.example/follow").await, 404);
        let seen = ann.http.get("/social/users/bob").await.expect(200);
        assert_eq!((&seen["isFollowedByViewer"], &seen["followersCount"]), (&json!(true), &json!(1)));
        assert_eq!(ann.names("/social/users/me/following").await, ["bob"]);
        assert_eq!(ann.names("/social/users/bob/followers").await, ["ann"]);
        assert!(ann.names("/social/users/me/friends").await.is_empty());
        bob.does("POST", "/social/users/ann/follow").await;
        assert_eq!(ann.names("/social/users/me/friends").await, ["bob"]);
        let told = bob.http.get("/social/notifications").await.expect(200);
        assert_eq!((&told["total"], &told["unread"]), (&json!(1), &json!(1)));
        let one = &told["items"][0];
        assert_eq!(
            (&one["notificationType"], &one["fromUser"]["username"]),
            (&json!("follow"), &json!("ann"))
        );
        let path = format!("/social/notifications/{}", one["id"].as_str().unwrap());
        assert_eq!(ann.sends("PATCH", &path, &json!({ "read": true })).await.status, 404, "it is not hers");
        assert_eq!(bob.sends("PATCH", &path, &json!({ "read": true })).await.status, 204);
        assert_eq!(bob.http.get("/social/notifications").await.expect(200)["unread"], 0);
        assert_eq!(bob.sends("PATCH", "/social/notifications", &json!({ "read": false })).await.status, 204);
        assert_eq!(bob.http.get("/social/notifications").await.expect(200)["unread"], 1);
        assert_eq!(ann.does("DELETE", "/social/users/bob/follow").await, 204);
        assert_eq!(ann.does("DELETE", "/social/users/bob/follow").await, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn some_approve_of_each_follower() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let changed = bob.http.patch("/social/users/me", &json!({ "manuallyApprovesFollowers": true })).await;
        assert_eq!(changed.expect(200)["manuallyApprovesFollowers"], true);
        assert_eq!(ann.http.get("/social/users/bob").await.expect(200)["manuallyApprovesFollowers"], true);
        assert_eq!(ann.http.get("/social/users/me").await.expect(200).get("manuallyApprovesFollowers"), None);
        ann.does("POST", "/social/users/bob/follow").await;
        assert!(ann.names("/social/users/me/following").await.is_empty());
        assert_eq!(bob.names("/social/users/me/follow-requests").await, ["ann"]);
        let (asks, is_asked) = (
            json!({ "actor_url": format!("{BASE}/users/{}", ann.id) }),
            json!({ "actor_url": format!("{BASE}/users/{}", bob.id) }),
        );
        let accept = "/social/federation/me/followers/accept";
        assert_eq!(ann.sends("POST", accept, &is_asked).await.status, 404, "nobody accepts for others");
        assert_eq!(bob.sends("POST", accept, &asks).await.status, 204);
        assert_eq!(ann.names("/social/users/me/following").await, ["bob"]);
        assert_eq!(bob.sends("DELETE", "/social/federation/me/followers", &asks).await.status, 204);
        assert!(ann.names("/social/users/me/following").await.is_empty());
        assert_eq!(bob.sends("DELETE", "/social/federation/me/followers", &asks).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_end_what_was_between_people() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        ann.does("POST", "/social/users/bob/follow").await;
        bob.does("POST", "/social/users/ann/follow").await;
        let top = json!({ "friendIds": [bob.id] });
        assert_eq!(ann.sends("PUT", "/social/users/me/top-friends", &top).await.status, 204);
        assert_eq!(ann.does("POST", "/social/users/bob/block").await, 204);
        assert_eq!(ann.does("POST", "/social/users/ann/block").await, 422);
        for list in
            ["/social/users/me/following", "/social/users/ann/followers", "/social/users/bob/followers"]
        {
            assert!(ann.names(list).await.is_empty(), "{list}");
        }
        let friends = site.client.get("/social/users/ann/top-friends").await.expect(200);
        assert_eq!(friends, json!({ "topFriends": [] }));
        assert_eq!(bob.does("POST", "/social/users/ann/follow").await, 403);
        assert_eq!(ann.does("POST", "/social/users/bob/follow").await, 403);
        assert_eq!(
            bob.sends("PUT", "/social/users/me/top-friends", &json!({ "friendIds": [ann.id] })).await.status,
            422
        );
        assert_eq!(bob.http.get("/social/notifications").await.expect(200)["items"], json!([]));
        assert_eq!(ann.names("/social/users/me/blocks").await, ["bob"]);
        assert!(bob.names("/social/users").await.iter().all(|name| name != "ann"));
        assert_eq!(ann.does("DELETE", "/social/users/bob/block").await, 204);
        assert!(ann.names("/social/users/me/following").await.is_empty(), "nothing comes back");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn top_friends_and_mutes_are_ones_own() {
    on_each_site(|site| async move {
        let (ann, bob, eve) = (site.person("ann").await, site.person("bob").await, site.person("eve").await);
        let path = "/social/users/me/top-friends";
        let set = async |ids: Vec<&str>| ann.sends("PUT", path, &json!({ "friendIds": ids })).await.status;
        assert_eq!(set(vec![&eve.id, &bob.id]).await, 204);
        let shown = site.client.get("/social/users/ann/top-friends").await.expect(200);
        let names: Vec<_> =
            shown["topFriends"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
        assert_eq!(names, ["eve", "bob"]);
        for bad in [vec![&*ann.id], vec![&bob.id, &bob.id], vec!["nobody"], vec![&*bob.id; 6]] {
            assert_eq!(set(bad).await, 422);
        }
        let shown = site.client.get("/social/users/ann/top-friends").await.expect(200);
        assert_eq!(shown["topFriends"].as_array().unwrap().len(), 2, "what was refused changed nothing");
        assert_eq!(ann.does("POST", "/social/users/bob/mute").await, 204);
        assert_eq!(ann.names("/social/users/me/mutes").await, ["bob"]);
        assert!(bob.names("/social/users/me/mutes").await.is_empty());
        bob.does("POST", "/social/users/ann/follow").await;
        assert_eq!(ann.http.get("/social/notifications").await.expect(200)["total"], 0);
        assert_eq!(ann.does("DELETE", "/social/users/bob/mute").await, 204);
        let domain = json!({ "domain": "Spam.example" });
        let domains = "/social/users/me/domain-blocks";
        assert_eq!(ann.sends("POST", domains, &domain).await.status, 204);
        assert_eq!(ann.http.get(domains).await.expect(200), json!(["spam.example"]));
        // As people there have it, however it is written.
        for (written, removed) in
            [("Bücher.example.", "bücher.example"), ("books.example:443", "BOOKS.example.")]
        {
            assert_eq!(ann.sends("POST", domains, &json!({ "domain": written })).await.status, 204);
            let kept = ann.http.get(domains).await.expect(200);
            let name = if written.starts_with('B') { "xn--bcher-kva.example" } else { "books.example" };
            assert!(kept.as_array().unwrap().contains(&json!(name)), "{kept}");
            let removed = removed.replace('ü', "%C3%BC");
            assert_eq!(ann.does("DELETE", &format!("{domains}/{removed}")).await, 204);
        }
        for bad in ["", "a/b", "here.example", "x y.example", ".", "a..b:x"] {
            assert_eq!(ann.sends("POST", domains, &json!({ "domain": bad })).await.status, 422);
        }
        assert_eq!(ann.does("DELETE", "/social/users/me/domain-blocks/spam.example").await, 204);
        assert_eq!(ann.http.get(domains).await.expect(200), json!([]));
    })
    .await;
}
