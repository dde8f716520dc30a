//! What people here make this server ask of others, and what it says of those who are there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;
use serde_json::json;
use social::{Elsewhere, Error, Id};

use crate::site::on_each_site;

/// Servers at which nobody is; how often they were asked.
#[derive(Default)]
struct Desert(AtomicUsize);

impl Desert {
    fn asked(&self) -> Result<Id, Error> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(Error::NotFound("user"))
    }
}

impl Elsewhere for Desert {
    fn person<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Id, Error>> {
        Box::pin(async { self.asked() })
    }

    fn thought<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Id, Error>> {
        Box::pin(async { self.asked() })
    }

    fn anew<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Id, Error>> {
        Box::pin(async { self.asked() })
    }

    fn happened(&self) {}

    fn send_now(&self) {}

    fn looked_at(&self, _: Id) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_this_server_ask_others_too_often() {
    on_each_site(|site| async move {
        let desert = Arc::new(Desert::default());
        site.social.set_elsewhere(desert.clone());
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let mut refused = 0;
        for n in 0..30 {
            let name = format!("who{n}@there.example");
            let statuses = [
                ann.does("POST", &format!("/social/users/{name}/follow")).await,
                ann.does("GET", &format!("/social/search?q={name}")).await,
                ann.does("GET", &format!("/social/search?q=https://there.example/{n}")).await,
                ann.does("GET", &format!("/social/users/lookup?handle={name}")).await,
                ann.does("POST", &format!("/social/users/{name}/block")).await,
            ];
            refused += statuses.iter().filter(|status| **status == 429).count();
            assert!(statuses.iter().all(|status| [200, 404, 429].contains(status)), "{statuses:?}");
        }
        let asked = desert.0.load(Ordering::SeqCst);
        assert!((30..60).contains(&asked) && refused > 80, "{asked} were asked, {refused} refused");
        assert_eq!(ann.does("POST", "/social/users/bob/follow").await, 204, "who is here is not asked for");
        assert_eq!(ann.does("GET", "/social/search?q=bob").await, 200);
        assert_eq!(
            bob.does("GET", "/social/users/lookup?handle=who@there.example").await,
            404,
            "nobody else waits"
        );
        assert_eq!(site.client.get("/social/search?q=who@there.example").await.status, 200);
        assert_eq!(desert.0.load(Ordering::SeqCst), asked + 1, "strangers have nobody asked");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_lists_of_people_elsewhere_are_is_said() {
    on_each_site(|site| async move {
        let ann = site.person("ann").await;
        for sql in [
            "INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, avatar_url, created_at, updated_at)
             VALUES (9, 'u9', 'eve', 'there.example', 'eve@there.example', 'https://there.example/eve', 'https://there.example/e.png', 1, 1)",
            "INSERT INTO social_user_counts (user_id) VALUES (9)",
            "INSERT INTO social_remote_actors (user_id, inbox, outbox, followers, fetched_at)
             VALUES (9, 'https://there.example/i', 'https://there.example/o', 'https://there.example/f', 1)",
            "UPDATE social_users SET avatar_url = '/media/users/u/avatar-1.png' WHERE username = 'ann'",
        ] {
            site.sql(sql).await;
        }
        let eve = ann.http.get("/social/users/lookup?handle=eve@there.example").await.expect(200);
        assert_eq!(
            (&eve["outboxUrl"], &eve["followersUrl"], &eve["followingUrl"], &eve["avatarUrl"]),
            (
                &json!("https://there.example/o"),
                &json!("https://there.example/f"),
                &json!(null),
                &json!("https://there.example/e.png")
            )
        );
        let own = ann.http.get("/social/users/lookup?handle=ann").await.expect(200);
        assert_eq!(own["outboxUrl"], format!("{}/users/{}/outbox", crate::site::BASE, ann.id));
        assert_eq!(own["avatarUrl"], format!("{}/media/users/u/avatar-1.png", crate::site::BASE));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_are_told_how_much_is_left() {
    on_each_site(|site| async move {
        let left = async || {
            let answer = site.client.get("/social/users/count").await;
            assert_eq!(answer.header("x-ratelimit-limit"), "300");
            answer.header("x-ratelimit-remaining").parse::<u32>().unwrap()
        };
        let before = left().await;
        assert!(before < 300 && left().await <= before);
    })
    .await;
}
