//! What a peer sends that it should not (spec/social.md §9.4, 13): signed by software that shares no code with ours.

use serde_json::{Value, json};
use testkit::Fedify;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::scenarios::friends;
use crate::site::fast;
use crate::stranger::Stranger;

/// All that could come of it.
const KEPT: &str = "SELECT (SELECT count(*) FROM social_thoughts WHERE local = 0) + (SELECT count(*) FROM social_likes)
    + (SELECT count(*) FROM social_boosts) + (SELECT count(*) FROM social_follows) + (SELECT count(*) FROM social_users)
    + (SELECT count(*) FROM social_tombstones) + (SELECT count(*) FROM social_notifications)";

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a row for each thing that is wrong")]
async fn what_is_wrong_is_refused_or_has_no_effect() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, _)) = friends(form, &[], fast()).await else { return };
        let other = Stranger::start().await;
        let victims = peer.command("post", json!({ "content": "of bob", "visibility": "public" })).await;
        let (_, own) = site.write(&alice, "of alice", social::Visibility::Public, None).await;
        site.until_here(victims["id"].as_str().unwrap()).await;
        site.until_told().await;
        let (bob, us, inbox) =
            (peer.actor(), format!("{}/users/{}", site.base, alice.uuid), format!("{}/inbox", site.base));
        let before = site.count(KEPT).await;
        let note = |id: &str, author: &str| json!({ "id": id, "type": "Note", "attributedTo": author, "content": "x", "to": us });
        let create = |id: &str, object: Value| json!({ "id": id, "type": "Create", "actor": bob, "to": us, "object": object });
        let named = |n: &str| format!("{}/raw/{n}", peer.origin());
        let good = create(&named("good"), note(&named("note"), &bob));
        let at = |hours: i64| (OffsetDateTime::now_utc() + Duration::hours(hours)).format(&Rfc3339).unwrap();
        let deep = serde_json::from_str::<Value>(&format!("{}{}", "[".repeat(100), "]".repeat(100))).unwrap();
        let with = |property: &str, value: Value| {
            let mut changed = good.clone();
            changed[property] = value;
            changed
        };
        let by = |actor: &str| with("actor", json!(actor));
        for (what, activity, options, statuses) in [
            ("unsigned", good.clone(), json!({ "unsigned": true }), [401, 401]),
            ("a bad digest", good.clone(), json!({ "badDigest": true }), [401, 401]),
            ("another body", good.clone(), json!({ "tamper": with("to", json!("as:Public")) }), [401, 401]),
            ("old", good.clone(), json!({ "date": at(-26) }), [401, 401]),
            ("ahead", good.clone(), json!({ "date": at(26) }), [401, 401]),
            ("JSON", good.clone(), json!({ "contentType": "application/json" }), [415, 415]),
            ("a key that is none", good.clone(), json!({ "keyId": format!("{bob}#other") }), [401, 401]),
            (
                "the key of another",
                good.clone(),
                json!({ "keyId": format!("{}#main-key", other.actor("bob")) }),
                [401, 401],
            ),
            (
                "the key of one of ours",
                good.clone(),
                json!({ "keyId": format!("{us}#main-key") }),
                [401, 401],
            ),
            ("an actor of another host", by(&other.actor("victim")), json!({}), [202, 400]),
            (
                "another of its host",
                by(&format!("{}/users/instance.actor", peer.origin())),
                json!({}),
                [202, 202],
            ),
            ("one of ours", by(&us), json!({}), [403, 403]),
            (
                "another author",
                create(&named("1"), note(&named("n1"), &other.actor("victim"))),
                json!({}),
                [202, 202],
            ),
            (
                "an object of another host",
                create(&named("2"), note(&format!("{}/n", other.base), &bob)),
                json!({}),
                [202, 202],
            ),
            (
                "the name of another host",
                with("id", json!(format!("{}/raw/3", other.base))),
                json!({}),
                [400, 400],
            ),
            ("too much", with("summary", json!("x".repeat(300 * 1024))), json!({}), [413, 413]),
            ("too deep", with("x", deep), json!({}), [400, 400]),
            (
                "ours changed",
                json!({ "id": named("4"), "type": "Update", "actor": bob, "object": note(&own, &us) }),
                json!({}),
                [202, 202],
            ),
            (
                "ours deleted",
                json!({ "id": named("5"), "type": "Delete", "actor": bob, "object": own }),
                json!({}),
                [202, 202],
            ),
            (
                "we deleted",
                json!({ "id": named("6"), "type": "Delete", "actor": bob, "object": us }),
                json!({}),
                [202, 202],
            ),
            (
                "ours accepted",
                json!({ "id": named("7"), "type": "Accept", "actor": bob, "object": { "id": named("f"), "type": "Follow", "actor": us, "object": other.actor("x") } }),
                json!({}),
                [202, 202],
            ),
        ] {
            let mut command = json!({ "inbox": inbox, "activity": activity, "spec": form });
            command.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
            let answer = peer.command("raw", command).await;
            let status = answer["status"].as_i64().unwrap();
            assert!(statuses.contains(&status), "{form}: {what}: {answer}");
            assert_eq!(site.count(KEPT).await, before, "{form}: {what}");
        }
        for _ in 0..2 {
            let answer = peer.command("raw", json!({ "inbox": inbox, "activity": good, "spec": form })).await;
            assert_eq!(answer["status"], 202);
        }
        // The note, and that alice is told of it: once.
        assert_eq!(site.count(KEPT).await, before + 2, "{form}");
    }
}
