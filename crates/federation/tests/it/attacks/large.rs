//! Notes with more of everything than anybody means, and texts that databases do not take.

use activitypub::media_type;
use serde_json::{Value, json};

use super::Scene;

fn mentions(base: &str, count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| json!({ "type": "Mention", "href": format!("{base}/users/{n}"), "name": format!("@{n}") }))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_things_some_are_kept() {
    for scene in Scene::each().await {
        let (site, stranger) = (&scene.site, &scene.stranger);
        let tags: Vec<Value> =
            (0..10_000).map(|n| json!({ "type": "Hashtag", "name": format!("#t{n}") })).collect();
        let pictures: Vec<Value> = (0..5_000).map(|n| json!({ "type": "Image", "url": format!("{}/{n}.png", stranger.base), "mediaType": "image/png" })).collect();
        let here: Vec<String> =
            (0..1_900).map(|_| format!("{}/users/{}", site.base, uuid::Uuid::new_v4())).collect();
        let all = [
            ("tag", json!(tags)),
            ("tag", json!(mentions(&stranger.base, 10_000))),
            ("tag", json!(mentions(&site.base, 10_000))),
            ("attachment", json!(pictures)),
            ("cc", json!(here)),
        ];
        for (n, (property, many)) in all.into_iter().enumerate() {
            // As it is fetched, and as much of it as an inbox takes.
            let mut note = scene.note("mallory", &format!("fetched-{n}"));
            note["to"] = json!(["as:Public", scene.us()]);
            note[property] = many.clone();
            stranger.show(&format!("/notes/fetched-{n}"), 200, media_type::ACTIVITY, &note.to_string());
            let address = note["id"].as_str().unwrap().to_owned();
            let found = site.social.elsewhere().unwrap().thought(&address).await;
            assert_eq!(found.is_ok(), note.to_string().len() <= 1 << 20, "{property} {n}: {found:?}");
            let mut create = scene.create("mallory", &format!("sent-{n}"));
            create["object"]["to"] = note["to"].clone();
            let some = many.as_array().unwrap().len() / 6;
            create["object"][property] = json!(many.as_array().unwrap()[..some]);
            assert_eq!(stranger.send(&scene.inbox(), "mallory", &create).await, 202, "{property} {n}");
        }
        for (most, of) in [
            (
                250,
                "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM social_thought_mentions GROUP BY thought_id) AS each_one",
            ),
            (
                30,
                "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM social_thought_tags GROUP BY thought_id) AS each_one",
            ),
            (
                16,
                "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM social_attachments GROUP BY thought_id) AS each_one",
            ),
        ] {
            let found = site.count(of).await;
            assert!((1..=most).contains(&found), "{found}: {of}");
        }
        assert!(site.count("SELECT count(*) FROM social_thoughts WHERE local = 0").await >= 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_no_database_takes_are_texts() {
    for scene in Scene::each().await {
        let (site, stranger) = (&scene.site, &scene.stranger);
        let odd = "a\u{0}b\u{feff}\u{202e}\u{fffe}";
        let mut person = stranger.person("odd");
        for property in ["name", "summary"] {
            person[property] = json!(odd);
        }
        person["attachment"] = json!([{ "type": "PropertyValue", "name": odd, "value": odd }]);
        person["published"] = json!("-9999-01-01T00:00:00Z");
        stranger.show("/users/odd", 200, media_type::ACTIVITY, &person.to_string());
        let mut create = scene.create("odd", "odd");
        let note = &mut create["object"];
        for property in ["summary", "content", "name", "mood", "x-unknown"] {
            note[property] = json!(odd);
        }
        note["contentMap"] = json!({ odd: odd });
        note["published"] = json!("9999-12-31T23:59:59.999999999Z");
        note["updated"] = json!("0000-01-01T00:00:00Z");
        note["tag"] = json!([{ "type": "Hashtag", "name": odd }, { "type": "Mention", "href": scene.us(), "name": odd }]);
        note["attachment"] = json!([{ "type": "Image", "url": format!("{}/x", stranger.base), "mediaType": odd, "name": odd, "width": u64::MAX, "height": -1 }]);
        assert_eq!(stranger.send(&scene.inbox(), "odd", &create).await, 202);
        let note = format!("{}/notes/odd", stranger.base);
        let (_, _, content) = site.until_here(&note).await;
        assert!(!content.contains('\0'), "{content:?}");
        for activity in [
            json!({ "type": "Flag", "object": [scene.us(), scene.own.1], "content": odd }),
            json!({ "type": "Like", "object": scene.own.1, "content": odd }),
            json!({ "type": "Announce", "object": scene.own.1, "published": "9999-12-31T23:59:59Z" }),
            json!({ "type": "Follow", "object": scene.us() }),
            json!({ "type": odd, "object": scene.us() }),
        ] {
            assert_eq!(scene.send("odd", activity.clone()).await, 202, "{activity}");
        }
        assert_eq!(site.count("SELECT count(*) FROM social_reports").await, 1);
    }
}
