//! Those who speak for others.

use serde_json::json;

use super::Scene;
use crate::stranger::Stranger;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_speaks_for_another() {
    for scene in Scene::each().await {
        let (inbox, stranger, other) = (scene.inbox(), &scene.stranger, Stranger::start().await);
        let before = scene.rows().await;
        let id = |n: &str| format!("{}/{n}", stranger.base);
        // Of an actor on the same host: the key is its own, and good.
        assert_eq!(stranger.send(&inbox, "mallory", &scene.create("victim", "forged")).await, 202);
        // Of an actor of another host, whose name does or does not fit.
        for id in [id("1"), format!("{}/1", other.base)] {
            let foreign =
                json!({ "id": id, "type": "Like", "actor": other.actor("victim"), "object": scene.own.1 });
            assert_eq!(stranger.send(&inbox, "mallory", &foreign).await, 202);
        }
        // A name of another host.
        let named = json!({ "id": format!("{}/2", other.base), "type": "Like", "actor": stranger.actor("mallory"), "object": scene.own.1 });
        assert_eq!(stranger.send(&inbox, "mallory", &named).await, 400);
        // Another author, alone, first of two, or as an object; and an object of another host.
        let victim = stranger.actor("victim");
        for (n, author) in [
            json!(victim),
            json!([victim, stranger.actor("mallory")]),
            json!({ "id": victim, "type": "Person" }),
        ]
        .into_iter()
        .enumerate()
        {
            let mut by_victim = scene.create("mallory", &format!("by-victim-{n}"));
            by_victim["object"]["attributedTo"] = author;
            assert_eq!(stranger.send(&inbox, "mallory", &by_victim).await, 202);
        }
        for base in [&other.base, &scene.site.base] {
            let mut elsewhere = scene.create("mallory", "elsewhere");
            elsewhere["id"] = json!(id(&format!("of {}", base.len()).replace(' ', "-")));
            elsewhere["object"]["id"] = json!(format!("{base}/notes/1"));
            assert_eq!(stranger.send(&inbox, "mallory", &elsewhere).await, 202);
        }
        // Somebody else's description.
        let mut profile = stranger.person("victim");
        profile["name"] = json!("forged");
        assert_eq!(scene.send("mallory", json!({ "type": "Update", "object": profile })).await, 202);
        scene.same(&before, "what is said for others").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_did_is_nobody_elses_to_change() {
    for scene in Scene::each().await {
        let (inbox, stranger) = (scene.inbox(), &scene.stranger);
        assert_eq!(stranger.send(&inbox, "victim", &scene.create("victim", "1")).await, 202);
        let (like, boost) = (
            scene.act("victim", json!({ "type": "Like", "object": scene.own.1 })),
            scene.act("victim", json!({ "type": "Announce", "object": scene.own.1, "to": "as:Public" })),
        );
        let follow = scene.act("victim", json!({ "type": "Follow", "object": scene.us() }));
        for activity in [&like, &boost, &follow] {
            assert_eq!(stranger.send(&inbox, "victim", activity).await, 202);
        }
        scene.site.until_count("SELECT (SELECT count(*) FROM social_likes) + (SELECT count(*) FROM social_boosts) + (SELECT count(*) FROM social_follows)", 3).await;
        scene.site.until_told().await;
        // Mallory is known as well.
        assert_eq!(scene.send("mallory", json!({ "type": "Like", "object": scene.own.1 })).await, 202);
        let before = scene.rows().await;
        let note = scene.note("victim", "1");
        let (mut changed, mut taken) = (note.clone(), note.clone());
        for note in [&mut changed, &mut taken] {
            note["content"] = json!("forged");
            note["updated"] = json!("2030-01-01T00:00:00Z");
        }
        taken["attributedTo"] = json!(stranger.actor("mallory"));
        let mut mine = like.clone();
        mine["actor"] = json!(stranger.actor("mallory"));
        mine["object"] = json!(format!("{}/notes/1", stranger.base));
        for activity in [
            json!({ "type": "Update", "object": changed }),
            json!({ "type": "Update", "object": taken }),
            json!({ "type": "Create", "object": taken }),
            json!({ "type": "Delete", "object": note["id"] }),
            json!({ "type": "Delete", "object": { "id": note["id"], "type": "Tombstone" } }),
            json!({ "type": "Delete", "object": scene.own.1 }),
            json!({ "type": "Delete", "object": stranger.actor("victim") }),
            json!({ "type": "Delete", "object": scene.us() }),
            json!({ "type": "Undo", "object": like }),
            json!({ "type": "Undo", "object": boost }),
            json!({ "type": "Undo", "object": follow }),
            json!({ "type": "Undo", "object": like["id"] }),
            json!({ "type": "Undo", "object": boost["id"] }),
            json!({ "type": "Undo", "object": follow["id"] }),
            json!({ "type": "Undo", "object": mine }),
            json!({ "type": "Block", "object": stranger.actor("victim") }),
        ] {
            assert_eq!(scene.send("mallory", activity.clone()).await, 202, "{activity}");
            scene.same(&before, &activity.to_string()).await;
        }
        let kept = "SELECT count(*) FROM social_thoughts WHERE local = 0 AND content = 'hi'";
        assert_eq!(scene.site.count(kept).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_often_happens_once() {
    for scene in Scene::each().await {
        let like = scene.act("bob", json!({ "type": "Like", "object": scene.own.1 }));
        let inbox = scene.inbox();
        let sent =
            futures::future::join_all((0..20).map(|_| scene.stranger.send(&inbox, "bob", &like))).await;
        assert!(sent.iter().all(|status| *status == 202), "{sent:?}");
        assert_eq!(scene.site.count("SELECT count(*) FROM social_likes").await, 1);
        assert_eq!(scene.site.count("SELECT likes FROM social_thought_counts").await, 1);
        assert_eq!(scene.site.count("SELECT count(*) FROM social_notifications").await, 1);
        let keys = scene.stranger.asked().iter().filter(|path| *path == "/users/bob").count();
        assert_eq!(keys, 1, "everybody waits for one request");
        // What was taken back does not come again with it.
        let undo = scene.act("bob", json!({ "type": "Undo", "object": like }));
        for activity in [&undo, &like, &like] {
            assert_eq!(scene.stranger.send(&inbox, "bob", activity).await, 202);
        }
        assert_eq!(scene.site.count("SELECT count(*) FROM social_likes").await, 0);
        assert_eq!(scene.site.count("SELECT likes FROM social_thought_counts").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_has_no_other_name() {
    for scene in Scene::each().await {
        let (site, stranger) = (&scene.site, &scene.stranger);
        assert_eq!(scene.send("bob", json!({ "type": "Like", "object": scene.own.1 })).await, 202);
        site.change(|conn, now| {
            let suspend = "UPDATE social_users SET suspended_at = $1 WHERE host IS NOT NULL";
            Ok(conn.execute(suspend, &[store::v(now)])?)
        })
        .await;
        let before = scene.rows().await;
        let other_case = stranger.actor("bob").replacen("http:", "HTTP:", 1);
        for actor in [stranger.actor("bob"), stranger.actor("./bob"), stranger.actor("x/../bob"), other_case]
        {
            for activity in [
                json!({ "type": "Follow", "object": scene.us() }),
                json!({ "type": "Announce", "object": scene.own.1, "to": "as:Public" }),
                json!({ "type": "Block", "object": scene.us() }),
                json!({ "type": "Flag", "object": scene.us() }),
                json!({ "type": "Create", "object": scene.note("bob", "1") }),
                json!({ "type": "Create", "object": { "id": format!("{}/notes/2", stranger.base), "type": "Note", "attributedTo": actor, "to": scene.us() } }),
            ] {
                let mut sent = scene.act("bob", activity);
                sent["actor"] = json!(actor);
                assert_eq!(stranger.send(&scene.inbox(), "bob", &sent).await, 202, "{sent}");
                scene.same(&before, &sent.to_string()).await;
            }
        }
    }
}
