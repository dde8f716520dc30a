//! Answers that nobody waits for, moves, and what is not for everybody.

use activitypub::media_type;
use serde_json::json;
use social::{Visibility, relations};

use super::Scene;
use crate::stranger::Stranger;

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_is_answered_by_whoever_was_asked() {
    for scene in Scene::each().await {
        let (site, stranger, alice) = (&scene.site, &scene.stranger, &scene.alice);
        // Both are known here, and have an outbox that somebody who let alice follow them would be asked for.
        for name in ["bob", "mallory"] {
            assert_eq!(scene.send(name, json!({ "type": "Like", "object": scene.own.1 })).await, 202);
        }
        let bob = site.find(&stranger.actor("bob")).await;
        let own = json!({ "id": format!("{}/activities/follow/x", site.base), "type": "Follow", "actor": scene.us(), "object": stranger.actor("mallory") });
        let before = scene.rows().await;
        for object in [
            json!(format!("{}/activities/follow/{}", site.base, uuid::Uuid::new_v4())),
            own.clone(),
            json!(stranger.actor("mallory")),
        ] {
            for answer in ["Accept", "Reject"] {
                assert_eq!(scene.send("mallory", json!({ "type": answer, "object": object })).await, 202);
            }
        }
        scene.same(&before, "answers to nothing").await;

        site.follow(alice, &bob).await;
        site.until_told().await;
        let find = "SELECT activity_id FROM social_follows WHERE state = 'pending'";
        let follow = site.ask(move |conn| Ok(conn.query_one(find, &[], |row| row.string(0))?)).await;
        let before = scene.rows().await;
        let of_bob =
            json!({ "id": follow, "type": "Follow", "actor": scene.us(), "object": stranger.actor("bob") });
        let taken = json!({ "id": follow, "type": "Follow", "actor": scene.us(), "object": stranger.actor("mallory") });
        let other =
            json!({ "id": follow, "type": "Like", "actor": scene.us(), "object": stranger.actor("bob") });
        for object in [json!(follow), of_bob.clone(), taken, other, own] {
            for answer in ["Accept", "Reject"] {
                assert_eq!(scene.send("mallory", json!({ "type": answer, "object": object })).await, 202);
                site.until_follows(alice.id, bob.id, Some("pending")).await;
            }
        }
        scene.same(&before, "answers of others").await;
        assert!(!stranger.asked().iter().any(|path| path.ends_with("/outbox")), "{:?}", stranger.asked());

        assert_eq!(scene.send("bob", json!({ "type": "Accept", "object": of_bob })).await, 202);
        site.until_follows(alice.id, bob.id, Some("accepted")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_moved_to_where_nobody_knows_them() {
    for scene in Scene::each().await {
        let (site, stranger, other) = (&scene.site, &scene.stranger, Stranger::start().await);
        let bob = site.find(&stranger.actor("bob")).await;
        site.follow(&scene.alice, &bob).await;
        site.until_told().await;
        let accept = json!({ "id": format!("{}/activities/follow/x", site.base), "type": "Follow", "actor": scene.us(), "object": stranger.actor("bob") });
        assert_eq!(scene.send("bob", json!({ "type": "Accept", "object": accept })).await, 202);
        site.until_follows(scene.alice.id, bob.id, Some("accepted")).await;
        let before = scene.rows().await;
        let moving =
            |target: &str| json!({ "type": "Move", "object": stranger.actor("bob"), "target": target });
        // To somebody who does not say so, here and elsewhere; and of somebody else.
        for target in
            [other.actor("new"), stranger.actor("victim"), scene.us(), format!("{}/users/nobody", site.base)]
        {
            assert_eq!(scene.send("bob", moving(&target)).await, 202);
        }
        let knows = |name: &str, whom: &str| {
            let mut person = other.person(name);
            person["alsoKnownAs"] = json!([whom]);
            other.show(&format!("/users/{name}"), 200, media_type::ACTIVITY, &person.to_string());
            other.actor(name)
        };
        let target = knows("next", &stranger.actor("bob"));
        assert_eq!(scene.send("mallory", moving(&target)).await, 202);
        let asked = other.asked().len();
        assert_eq!(
            scene
                .send(
                    "unknown",
                    json!({ "type": "Move", "object": stranger.actor("unknown"), "target": target })
                )
                .await,
            202
        );
        assert_eq!(other.asked().len(), asked, "of those nobody knows nobody asks where they are");
        scene.same(&before, "moves that are none").await;

        assert_eq!(scene.send("bob", moving(&target)).await, 202);
        site.until_follows(scene.alice.id, bob.id, None).await;
        let next = site.find(&target).await;
        site.until_follows(scene.alice.id, next.id, Some("pending")).await;
        site.until_told().await;

        // And not again so soon.
        let again = knows("after", &stranger.actor("bob"));
        site.follow(&scene.alice, &bob).await;
        site.until_told().await;
        assert_eq!(scene.send("bob", json!({ "type": "Accept", "object": accept })).await, 202);
        let before = scene.rows().await;
        assert_eq!(scene.send("bob", moving(&again)).await, 202);
        scene.same(&before, "a second move").await;
        site.until_follows(scene.alice.id, bob.id, Some("accepted")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_is_not_passed_on() {
    for scene in Scene::each().await {
        let (site, stranger, other) = (&scene.site, &scene.stranger, Stranger::start().await);
        // Alice follows bob, and so sees what he boosts.
        let bob = site.find(&stranger.actor("bob")).await;
        site.follow(&scene.alice, &bob).await;
        let (follower, followed) = (scene.alice.clone(), bob.clone());
        site.change(move |conn, now| relations::accept(conn, now, &follower, &followed)).await;
        site.until_told().await;
        let mut secret = Vec::new();
        for visibility in [Visibility::Followers, Visibility::Private] {
            secret.push(site.write(&scene.alice, "secret", visibility, None).await.1);
        }
        site.until_told().await;
        let note = |id: &str, to: &str| {
            let id = format!("{}/notes/{id}", other.base);
            let note = json!({ "id": id, "type": "Note", "attributedTo": other.actor("carol"), "content": "psst", "to": to });
            other.show(
                &format!("/notes/{}", id.rsplit('/').next().unwrap()),
                200,
                media_type::ACTIVITY,
                &note.to_string(),
            );
            id
        };
        for (n, to) in [format!("{}/followers", other.actor("carol")), scene.us()].iter().enumerate() {
            secret.push(note(&n.to_string(), to));
        }
        let mut foreign = scene.note("mallory", "x");
        foreign["id"] = json!(format!("{}/notes/y", other.base));
        foreign["to"] = json!("as:Public");
        other.show("/notes/y", 200, media_type::ACTIVITY, &foreign.to_string());
        secret.push(format!("{}/notes/y", other.base));
        let before = scene.rows().await;
        for object in &secret {
            for activity in ["Announce", "Like"] {
                let sent = json!({ "type": activity, "object": object, "to": "as:Public", "published": "1900-01-01T00:00:00Z" });
                assert_eq!(scene.send("bob", sent).await, 202);
            }
            // Nor is it answered by those who do not see it.
            scene.same(&before, object).await;
        }
        let open = note("open", "as:Public");
        let boost = json!({ "type": "Announce", "object": open, "published": "0001-01-01T00:00:00Z", "to": "as:Public" });
        assert_eq!(scene.send("bob", boost).await, 202);
        site.until_count("SELECT count(*) FROM social_boosts", 1).await;
        site.change(|conn, now| {
            let shut_out = "INSERT INTO social_domains (domain, rule, created_at) VALUES ($1, 'suspend', $2)";
            Ok(conn.execute(shut_out, &[store::v("evil.example"), store::v(now)])?)
        })
        .await;
        let authority = other.base.strip_prefix("http://").unwrap().to_owned();
        let later = note("later", "as:Public");
        site.change(move |conn, now| {
            let shut_out = "INSERT INTO social_domains (domain, rule, created_at) VALUES ($1, 'suspend', $2)";
            Ok(conn.execute(shut_out, &[store::v(&authority), store::v(now)])?)
        })
        .await;
        let before = scene.rows().await;
        assert_eq!(
            scene.send("bob", json!({ "type": "Announce", "object": later, "to": "as:Public" })).await,
            202
        );
        scene.same(&before, "of a host that is shut out").await;
        let nobody = stranger.asked().iter().filter(|path| path.contains("/notes/")).count();
        assert_eq!(nobody, 0);
    }
}
