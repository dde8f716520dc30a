//! What people here do that others are told of in other ways: moves, follows that nobody answers, blocks, and what new followers are sent.

use std::time::Duration;

use federation::FederationConfig;
use serde_json::{Value, json};
use social::moving::{move_to, set_aliases};
use social::users::{self, User};
use social::{Error, SCHEMA, Visibility, relations};
use testkit::TestDatabase;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

async fn follows(site: &Site, stranger: &Stranger, name: &str, followed: &User) {
    let follow = json!({ "id": format!("{}/follows/{name}", stranger.base), "type": "Follow", "actor": stranger.actor(name),
        "object": format!("{}/users/{}", site.base, followed.uuid) });
    assert_eq!(stranger.send(&format!("{}/inbox", site.base), name, &follow).await, 202);
    site.until_told().await;
}

/// The activities of a type that arrived, in order.
fn arrived(stranger: &Stranger, activity_type: &str) -> Vec<Value> {
    let taken = stranger.taken().into_iter().map(|taken| taken.activity);
    taken.filter(|activity| activity["type"] == activity_type).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_moves_to_where_they_are_listed() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let (alice, carol) = (site.person("alice", false).await, site.person("carol", false).await);
        follows(&site, &stranger, "bob", &alice).await;
        site.follow(&carol, &alice).await;
        let (own, new) = (format!("{}/users/{}", site.base, alice.uuid), stranger.actor("alice"));
        let go = async || {
            let target = site.social.elsewhere().unwrap().anew(&new).await?;
            let (addresses, me) = (site.social.addresses().clone(), alice.id);
            let go = move |conn: &mut store::Conn<'_>| {
                let target = users::by_id(conn, target)?.unwrap();
                move_to(conn, clock::now_micros(), &addresses, me, &target)
            };
            site.social.change(go).await
        };
        let refused = go().await;
        assert!(matches!(&refused, Err(Error::Invalid(why)) if why.contains(&own)), "{refused:?}");
        let mut listed = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": new, "type": "Person", "preferredUsername": "alice",
            "inbox": format!("{new}/inbox"), "alsoKnownAs": [own],
        });
        listed["outbox"] = Value::from(format!("{new}/outbox"));
        stranger.show("/users/alice", 200, activitypub::media_type::ACTIVITY, &listed.to_string());
        assert_eq!(go().await.unwrap(), [carol.id], "what was fetched before is fetched anew");
        site.until_told().await;
        let moved = arrived(&stranger, "Move");
        assert_eq!((&moved[0]["object"], &moved[0]["target"]), (&json!(own), &json!(new)));
        let update = arrived(&stranger, "Update").pop().unwrap();
        assert_eq!(update["object"]["movedTo"], *new, "{update}");
        let asked = arrived(&stranger, "Follow");
        assert_eq!(asked[0]["object"], *new, "carol asks to follow there");
        let actor: Value = site.get(&own, activitypub::media_type::ACTIVITY).await.json().await.unwrap();
        assert_eq!(actor["movedTo"], *new);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_is_told_to_others() {
    let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
    let store = database.open(&[&SCHEMA]).await;
    let site = Site::start(&store, fast()).await;
    let alice = site.person("alice", false).await;
    follows(&site, &stranger, "bob", &alice).await;
    let (me, alias) = (alice.id, stranger.actor("alice"));
    let aliases = vec![alias.clone()];
    site.change(move |conn, now| set_aliases(conn, now, me, &aliases)).await;
    site.until_told().await;
    assert_eq!(arrived(&stranger, "Update")[0]["object"]["alsoKnownAs"], json!([alias]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_that_nobody_answers_is_sent_once_more() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, FederationConfig { time_scale: 1_000_000, ..fast() }).await;
        let alice = site.person("alice", false).await;
        let bob = site.find(&stranger.actor("bob")).await;
        site.follow(&alice, &bob).await;
        let made = "SELECT count(*) FROM social_activities WHERE address LIKE '%/activities/follow/%'";
        site.until_count(made, 2).await;
        site.until_told().await;
        let sent = arrived(&stranger, "Follow");
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert_ne!(sent[0]["id"], sent[1]["id"], "or it would be taken for the same");
        let due = "SELECT count(*) FROM social_follows WHERE sent_at IS NOT NULL";
        assert_eq!(site.count(due).await, 0, "and never again");
        // The answer to the second counts, and the follow is one.
        let accept = json!({ "id": format!("{}/accepts/1", stranger.base), "type": "Accept", "actor": stranger.actor("bob"), "object": sent[1]["id"] });
        assert_eq!(stranger.send(&format!("{}/inbox", site.base), "bob", &accept).await, 202);
        site.until_follows(alice.id, bob.id, Some("accepted")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_followers_are_sent_as_much_as_the_operator_says() {
    for (backfill, expected) in [(0, Vec::new()), (2, vec!["no 3", "no 4"])] {
        let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
        let store = database.open(&[&SCHEMA]).await;
        let site = Site::start(&store, FederationConfig { backfill, ..fast() }).await;
        let alice = site.person("alice", false).await;
        for n in 0..5 {
            site.write(&alice, &format!("no {n}"), Visibility::Public, None).await;
            // What is written in the same millisecond has no order.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        site.write(&alice, "not for everybody", Visibility::Followers, None).await;
        site.until_told().await;
        follows(&site, &stranger, "bob", &alice).await;
        // Asking again is answered again, and nothing more.
        let again = json!({ "id": format!("{}/follows/again", stranger.base), "type": "Follow", "actor": stranger.actor("bob"),
            "object": format!("{}/users/{}", site.base, alice.uuid) });
        assert_eq!(stranger.send(&format!("{}/inbox", site.base), "bob", &again).await, 202);
        site.until_told().await;
        assert_eq!(arrived(&stranger, "Accept").len(), 2);
        let sent = arrived(&stranger, "Create");
        let sent: Vec<&str> =
            sent.iter().map(|create| create["object"]["source"]["content"].as_str().unwrap()).collect();
        assert_eq!(sent, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_is_told_if_the_operator_wants_that() {
    for tell_of_blocks in [true, false] {
        let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
        let store = database.open(&[&SCHEMA]).await;
        let site = Site::start(&store, FederationConfig { tell_of_blocks, ..fast() }).await;
        let alice = site.person("alice", false).await;
        let bob = site.find(&stranger.actor("bob")).await;
        let addresses = site.social.addresses().clone();
        let blocker = alice.clone();
        site.change(move |conn, now| relations::block(conn, now, &addresses, &blocker, &bob)).await;
        site.until_told().await;
        assert_eq!(arrived(&stranger, "Block").len(), usize::from(tell_of_blocks));
    }
}
