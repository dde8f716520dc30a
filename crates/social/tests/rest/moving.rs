//! Aliases, and moving to another account.

use serde_json::json;

use crate::site::{BASE, Person, on_each_site};

const ALIASES: &str = "/social/federation/me/also-known-as";
const MOVE: &str = "/social/federation/me/move";

fn actor(person: &Person) -> String {
    format!("{BASE}/users/{}", person.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_says_who_else_they_are() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let set =
            async |aliases| ann.sends("PATCH", ALIASES, &json!({ "also_known_as": aliases })).await.status;
        let shown = async || ann.http.get("/social/users/ann").await.expect(200)["alsoKnownAs"].clone();
        assert_eq!(shown().await, json!(null));
        let old = "https://old.example/users/ann";
        assert_eq!(set(json!(old)).await, 204);
        assert_eq!(shown().await, json!([old]));
        assert_eq!(set(json!([old, "@bob@here.example"])).await, 204);
        assert_eq!(shown().await, json!([old, actor(&bob)]));
        assert_eq!(
            site.number("SELECT count(*) FROM social_events WHERE data LIKE '%ProfileUpdated%'").await,
            2
        );
        for bad in [json!("https://"), json!("http://a b/"), json!(vec!["https://a.example/1"; 6])] {
            assert_eq!(set(bad).await, 422);
        }
        assert_eq!(set(json!("@nobody@here.example")).await, 404);
        assert_eq!(set(json!(7)).await, 422);
        assert_eq!(set(json!(null)).await, 204);
        assert_eq!(shown().await, json!(null));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_moves_is_followed_there_and_rests_here() {
    on_each_site(|site| async move {
        let (old, new, fan) = (site.person("old").await, site.person("new").await, site.person("fan").await);
        assert_eq!(fan.does("POST", "/social/users/old/follow").await, 204);
        let go = async |to: &str| old.sends("POST", MOVE, &json!({ "new_actor_url": to })).await;
        let refused = go(&actor(&new)).await.expect(422);
        assert!(refused["error"].as_str().unwrap().contains(&actor(&old)), "it says what to do: {refused}");
        go("https://there.example/new").await.expect(422);
        go(&actor(&old)).await.expect(422);
        go(&format!("{BASE}/users/00000000-0000-4000-8000-000000000001")).await.expect(404);
        let lists = json!({ "also_known_as": actor(&old) });
        assert_eq!(new.sends("PATCH", ALIASES, &lists).await.status, 204);
        assert_eq!(go(&actor(&new)).await.status, 204);

        assert_eq!(fan.names("/social/users/me/following").await, ["new"]);
        let seen = site.client.get("/social/users/old").await.expect(200);
        assert_eq!((&seen["movedTo"], &seen["followersCount"]), (&json!(actor(&new)), &json!(0)));
        let thought = json!({ "content": "still here" });
        let refused = old.sends("POST", "/social/thoughts", &thought).await.expect(403);
        assert!(refused["error"].as_str().unwrap().contains("moved"), "{refused}");
        let written = new.sends("POST", "/social/thoughts", &thought).await.expect(201);
        let boost = format!("/social/thoughts/{}/boost", written["id"].as_str().unwrap());
        assert_eq!(old.does("POST", &boost).await, 403);
        assert_eq!(old.does("POST", "/social/users/fan/follow").await, 403);
        assert_eq!(fan.does("POST", "/social/users/old/follow").await, 403, "nobody follows it any more");
        assert_eq!(go(&actor(&new)).await.status, 422, "it has moved already");

        assert_eq!(old.does("DELETE", MOVE).await, 204);
        assert_eq!(old.does("DELETE", MOVE).await, 404);
        assert_eq!(old.sends("POST", "/social/thoughts", &thought).await.status, 201);
        assert_eq!(go(&actor(&new)).await.status, 422, "once in seven days");
        site.sql("UPDATE social_users SET moved_at = moved_at - 700000000000 WHERE username = 'old'").await;
        assert_eq!(go(&actor(&new)).await.status, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn actors_elsewhere_are_shown_as_far_as_they_are_here() {
    on_each_site(|site| async move {
        let ann = site.person("ann").await;
        for sql in [
            "INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, created_at, updated_at) VALUES
                 (7, '00000000-0000-4000-8000-000000000007', 'bob', 'there.example', 'bob@there.example', 'https://there.example/bob', 1, 1)",
            "INSERT INTO social_user_counts (user_id) VALUES (7)",
        ] {
            site.sql(sql).await;
        }
        site.social
            .state()
            .write(|conn| {
                for position in 0..21 {
                    conn.execute(
                        "INSERT INTO social_connections (user_id, kind, position, url, handle, fetched_at) VALUES (7, 'followers', $1, $2, $2, 1)",
                        &[store::v(position), store::v(&format!("https://x.example/{position}"))],
                    )?;
                }
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        let path = "/social/federation/actors/@bob@there.example";
        let first = site.client.get(&format!("{path}/followers-list")).await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["hasMore"]), (20, &json!(true)));
        let second = site.client.get(&format!("{path}/followers-list?page=2")).await.expect(200);
        assert_eq!((&second["items"][0]["url"], &second["hasMore"]), (&json!("https://x.example/20"), &json!(false)));
        assert_eq!(site.client.get(&format!("{path}/following-list")).await.expect(200)["items"], json!([]));
        assert_eq!(ann.http.get(&format!("{path}/posts")).await.expect(200)["items"], json!([]));
        for rest in ["posts", "followers-list", "following-list"] {
            site.client.get(&format!("/social/federation/actors/@no@there.example/{rest}")).await.expect(404);
        }
        site.client.get("/social/federation/actors/ann/followers-list").await.expect(404);
    })
    .await;
}
