//! Servers that say things in ways of their own, or at length.

use serde_json::{Value, json};
use social::{SCHEMA, Visibility};
use store::v;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_only_names_the_follow_counts() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        for (name, answer, state) in [("bob", "Accept", Some("accepted")), ("carol", "Reject", None)] {
            let other = site.find(&stranger.actor(name)).await;
            site.follow(&alice, &other).await;
            site.until_told().await;
            let mut sent = stranger.taken().into_iter().map(|taken| taken.activity);
            let follow = sent.rfind(|it| it["type"] == "Follow").unwrap();
            let (id, inbox) = (format!("{}/answers/{name}", stranger.base), format!("{}/inbox", site.base));
            let like = json!({ "id": format!("{id}/0"), "type": answer, "actor": stranger.actor(name),
                "object": { "type": "Like", "id": follow["id"] } });
            assert_eq!(stranger.send(&inbox, name, &like).await, 202);
            site.until_follows(alice.id, other.id, Some("pending")).await;
            let said = json!({ "id": id, "type": answer, "actor": stranger.actor(name),
                "object": { "type": "Follow", "id": follow["id"] } });
            assert_eq!(stranger.send(&inbox, name, &said).await, 202);
            site.until_follows(alice.id, other.id, state).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_long_names_is_deleted_as_well() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        // Nothing that a database could make shorter.
        let long = || (0..40).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect::<String>();
        let (name, inbox) = (long(), format!("{}/inbox", site.base));
        let note = format!("{}/notes/{}", stranger.base, long());
        let delete = json!({ "id": format!("{note}#delete"), "type": "Delete", "actor": stranger.actor(&name), "object": note });
        assert_eq!(stranger.send(&inbox, &name, &delete).await, 202);
        let late = json!({ "id": format!("{note}/activity"), "type": "Create", "actor": stranger.actor(&name), "object": {
            "id": note, "type": "Note", "attributedTo": stranger.actor(&name), "content": "late", "to": "as:Public",
            "cc": format!("{}/users/{}", site.base, alice.uuid) } });
        assert_eq!(stranger.send(&inbox, &name, &late).await, 202);
        assert_eq!(site.count("SELECT count(*) FROM social_thoughts").await, 0, "it does not come any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_cannot_be_had_keeps_no_other_away() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        let (actor, activity) = (stranger.actor("bob"), activitypub::media_type::ACTIVITY);
        let note = |name: &str| format!("{}/notes/{name}", stranger.base);
        let created = |name: &str| json!({ "id": note(name) + "/activity", "type": "Create", "actor": actor, "object": note(name) });
        for (name, body) in [
            (
                "good",
                json!({ "id": note("good"), "type": "Note", "attributedTo": actor, "content": "good", "to": "as:Public" }),
            ),
            ("odd", json!({ "id": note("odd"), "type": "Note", "content": "of nobody" })),
        ] {
            stranger.show(&format!("/notes/{name}"), 200, activity, &body.to_string());
        }
        let outbox = json!({ "id": format!("{actor}/outbox"), "type": "OrderedCollection",
            "orderedItems": [created("gone"), created("odd"), created("good")] });
        stranger.show("/users/bob/outbox", 200, activity, &outbox.to_string());
        // Whom bob follows is known here without being asked, also who is at home here.
        let mut person = stranger.person("bob");
        person["following"] = json!(format!("{actor}/following"));
        stranger.show("/users/bob", 200, activity, &person.to_string());
        let own = format!("{}/users/{}", site.base, alice.uuid);
        let following = json!({ "id": format!("{actor}/following"), "type": "OrderedCollection",
            "orderedItems": [own, stranger.actor("carol")] });
        stranger.show("/users/bob/following", 200, activity, &following.to_string());
        site.find(&stranger.actor("carol")).await;
        let bob = site.find(&actor).await;
        let asked = stranger.asked().iter().filter(|path| *path == "/users/carol").count();
        site.social.elsewhere().unwrap().looked_at(bob.id);
        site.until_here(&note("good")).await;
        let id = bob.id;
        let listed = site.until("whom bob follows", move |conn| {
            let sql = "SELECT handle, url FROM social_connections WHERE user_id = $1 AND kind = 'following' ORDER BY position";
            let found = conn.query(sql, &[v(id)], |row| Ok::<_, social::Error>((row.string(0)?, row.string(1)?)))?;
            Ok((!found.is_empty()).then_some(found))
        });
        let listed = listed.await;
        assert_eq!(listed[0], (format!("@alice@{}", site.authority()), own));
        assert_eq!(listed[1].0, format!("@carol@{}", stranger.base.trim_start_matches("http://")));
        let again = stranger.asked().iter().filter(|path| *path == "/users/carol").count();
        assert_eq!(again, asked, "who is known is not asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_people_to_pages_and_programs_to_what_they_ask_for() {
    let database = testkit::TestDatabase::sqlite();
    let store = database.open(&[&SCHEMA]).await;
    let site = Site::start(&store, fast()).await;
    let alice = site.person("alice", false).await;
    let (_, thought) = site.write(&alice, "hello", Visibility::Public, None).await;
    let uuid = thought.rsplit('/').next().unwrap().to_owned();
    let (page, rest) = ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json");
    for (path, accept, target) in [
        ("/@alice".to_owned(), page, "/dashboard/social/u/alice".to_owned()),
        (format!("/users/{}", alice.uuid), page, format!("/dashboard/social/u/{}", alice.uuid)),
        (format!("/thoughts/{uuid}"), page, format!("/dashboard/social/t/{uuid}")),
        ("/tags/Gr%C3%BCn".to_owned(), page, "/dashboard/social/search?q=%23Gr%C3%BCn".to_owned()),
        ("/@alice".to_owned(), rest, "/social/users/alice".to_owned()),
        (format!("/thoughts/{uuid}"), rest, format!("/social/thoughts/{uuid}")),
        (format!("/users/{}/followers", alice.uuid), rest, format!("/social/users/{}/followers", alice.uuid)),
        ("/tags/rust".to_owned(), "*/*", "/social/tags/rust".to_owned()),
    ] {
        let answer = site.get(&format!("{}{path}", site.base), accept).await;
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["location"], format!("{}{target}", site.base));
        assert_eq!(answer.headers()["vary"], "Accept");
    }
    let named: Value = site
        .get(&format!("{}/users/{}", site.base, alice.uuid), activitypub::media_type::ACTIVITY)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(named["type"], "Person");
}
