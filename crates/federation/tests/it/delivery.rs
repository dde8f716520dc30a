//! What is sent arrives, in order, once, whatever happens on the way (spec/social.md §4.10).

use serde_json::json;
use social::users::User;
use social::{SCHEMA, Visibility, thoughts};
use store::Store;
use testkit::TestDatabase;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

async fn followed(store: &Store, stranger: &Stranger, followers: &[&str]) -> (Site, User) {
    let site = Site::start(store, fast()).await;
    let alice = site.person("alice", false).await;
    for name in followers {
        let follow = json!({ "id": format!("{}/follows/{name}", stranger.base), "type": "Follow", "actor": stranger.actor(name), "object": format!("{}/users/{}", site.base, alice.uuid) });
        assert_eq!(stranger.send(&format!("{}/inbox", site.base), name, &follow).await, 202);
    }
    site.until_told().await;
    (site, alice)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_down_is_told_everything_in_order() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let (site, alice) = followed(&store, &stranger, &["bob", "carol"]).await;
        let before = stranger.taken().len();
        stranger.answers(503);
        let mut written = Vec::new();
        for n in 0..20 {
            written.push(site.write(&alice, &format!("no {n}"), Visibility::Public, None).await.1);
        }
        site.until("attempts", |conn| {
            let tried =
                conn.query_one("SELECT coalesce(max(attempts), 0) FROM social_deliveries", &[], |row| {
                    row.int(0)
                })?;
            Ok((tried >= 3).then_some(()))
        })
        .await;
        stranger.answers(202);
        site.until_told().await;
        let taken = stranger.taken().split_off(before);
        for name in ["bob", "carol"] {
            let path = format!("/users/{name}/inbox");
            let heard = taken.iter().filter(|taken| taken.path == path);
            let heard: Vec<&str> =
                heard.map(|taken| taken.activity["object"]["id"].as_str().unwrap()).collect();
            assert_eq!(heard, written, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_overtaken_is_not_sent_and_what_is_gone_is_let_go() {
    let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
    let store = database.open(&[&SCHEMA]).await;
    let (site, alice) = followed(&store, &stranger, &["bob"]).await;
    stranger.answers(503);
    let (id, note) = site.write(&alice, "first", Visibility::Public, None).await;
    site.until_count("SELECT count(*) FROM social_events", 0).await;
    for text in ["second", "third"] {
        let (author, addresses) = (alice.clone(), site.social.addresses().clone());
        let content = thoughts::NewContent { content: text.into(), ..thoughts::NewContent::default() };
        site.change(move |conn, now| thoughts::edit(conn, now, &addresses, &author, id, &content, None))
            .await;
        site.until_count("SELECT count(*) FROM social_events", 0).await;
    }
    let before = stranger.taken().len();
    stranger.answers(202);
    site.until_told().await;
    let told: Vec<String> = stranger
        .taken()
        .split_off(before)
        .iter()
        .map(|taken| {
            format!(
                "{} {}",
                taken.activity["type"].as_str().unwrap(),
                taken.activity["object"]["source"]["content"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(told, ["Create first", "Update third"], "{note}");

    stranger.answers(410);
    stranger.show("/users/bob", 410, "text/plain", "");
    site.write(&alice, "anybody there?", Visibility::Public, None).await;
    site.until_count("SELECT count(*) FROM social_follows", 0).await;
    assert_eq!(
        site.count("SELECT followers FROM social_user_counts ORDER BY followers DESC LIMIT 1").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_shut_out_is_told_nothing() {
    let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
    let store = database.open(&[&SCHEMA]).await;
    let (site, alice) = followed(&store, &stranger, &["bob"]).await;
    let before = stranger.taken().len();
    site.change(|conn, now| {
        let shut_out =
            "INSERT INTO social_domains (domain, rule, created_at) VALUES ('127.0.0.1', 'suspend', $1)";
        Ok(conn.execute(shut_out, &[store::v(now)])?)
    })
    .await;
    let (_, note) = site.write(&alice, "not for you", Visibility::Public, None).await;
    site.until_told().await;
    let like = json!({ "id": format!("{}/likes/1", stranger.base), "type": "Like", "actor": stranger.actor("bob"), "object": note });
    assert_eq!(stranger.send(&format!("{}/inbox", site.base), "bob", &like).await, 202);
    assert_eq!((stranger.taken().len(), site.count("SELECT count(*) FROM social_likes").await), (before, 0));
}
