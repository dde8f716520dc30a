//! What goes is told to everybody who may have it, however long ago they were last told anything.

use serde_json::{Value, json};
use social::users::{self, User};
use social::{Id, SCHEMA, Visibility, thoughts};

use crate::site::{Site, fast};
use crate::stranger::Stranger;

async fn say(site: &Site, stranger: &Stranger, who: &str, activity: Value) {
    let mut activity = activity;
    activity["actor"] = Value::from(stranger.actor(who));
    assert_eq!(stranger.send(&format!("{}/inbox", site.base), who, &activity).await, 202, "{activity}");
    site.until_told().await;
}

async fn follows(site: &Site, stranger: &Stranger, who: &str, followed: &User) {
    let object = format!("{}/users/{}", site.base, followed.uuid);
    let id = format!("{}/follows/{who}", stranger.base);
    say(site, stranger, who, json!({ "id": id, "type": "Follow", "object": object })).await;
}

/// What was told is forgotten after a month.
async fn a_month_later(site: &Site) {
    site.until_told().await;
    site.change(|conn, _| {
        conn.execute("DELETE FROM social_deliveries", &[])?;
        Ok(conn.execute("DELETE FROM social_activities", &[])?)
    })
    .await;
}

/// Inboxes that a Delete of this came to, in order.
fn told(stranger: &Stranger, object: &str) -> Vec<String> {
    let is_it = |activity: &Value| {
        activity["type"] == "Delete" && (activity["object"] == *object || activity["object"]["id"] == *object)
    };
    let taken = stranger.taken().into_iter().filter(|taken| is_it(&taken.activity));
    let mut paths: Vec<String> = taken.map(|taken| taken.path).collect();
    paths.sort();
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_gone_for_followers_and_for_whom_they_followed() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        follows(&site, &stranger, "bob", &alice).await;
        let carol = site.find(&stranger.actor("carol")).await;
        site.follow(&alice, &carol).await;
        let dan = site.find(&stranger.actor("dan")).await;
        site.write(&alice, &format!("hello @{}", dan.handle()), Visibility::Public, None).await;
        a_month_later(&site).await;
        let addresses = site.social.addresses().clone();
        site.change(move |conn, now| users::delete(conn, now, &addresses, alice.id)).await;
        site.until_told().await;
        let inbox = |name: &str| format!("/users/{name}/inbox");
        let actor = format!("{}/users/{}", site.base, alice.uuid);
        assert_eq!(told(&stranger, &actor), ["bob", "carol", "dan"].map(inbox));
    }
}

async fn delete(site: &Site, author: &User, id: Id) {
    let (addresses, author) = (site.social.addresses().clone(), author.id);
    site.change(move |conn, now| thoughts::delete(conn, now, &addresses, author, id).map(drop)).await;
    site.until_told().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thought_is_gone_for_whom_it_named_answered_and_who_passed_it_on() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        follows(&site, &stranger, "bob", &alice).await;
        let dan = site.find(&stranger.actor("dan")).await;
        let note = json!({ "id": format!("{}/notes/1", stranger.base), "type": "Note", "to": "as:Public",
            "attributedTo": stranger.actor("eve"), "content": "hi", "cc": format!("{}/users/{}", site.base, alice.uuid) });
        let create =
            json!({ "id": format!("{}/notes/1/activity", stranger.base), "type": "Create", "object": note });
        say(&site, &stranger, "eve", create).await;
        let (parent, ..) = site.until_here(&format!("{}/notes/1", stranger.base)).await;
        let text = format!("hello @{}", dan.handle());
        let (public, address) = site.write(&alice, &text, Visibility::Public, Some(parent)).await;
        let boost = json!({ "id": format!("{}/boosts/1", stranger.base), "type": "Announce", "object": address, "to": "as:Public" });
        say(&site, &stranger, "fay", boost).await;
        let (private, secret) = site.write(&alice, &text, Visibility::Private, None).await;
        a_month_later(&site).await;
        delete(&site, &alice, public).await;
        delete(&site, &alice, private).await;
        let inbox = |name: &str| format!("/users/{name}/inbox");
        assert_eq!(told(&stranger, &address), ["bob", "dan", "eve", "fay"].map(inbox));
        assert_eq!(told(&stranger, &secret), [inbox("dan")], "of what few may see nobody else hears");
    }
}
