//! `/admin/events`.

use std::time::Duration;

use events::{Event, EventLog, Severity, kinds};
use serde_json::{Value, json};
use testkit::HttpClient;
use tokio_util::sync::CancellationToken;

use super::people::key;
use crate::clients::site::{Site, on_each_site};

/// Five events, oldest first, written; and a reader of them.
async fn told(site: &Site) -> HttpClient {
    let http = key(site, &["events:read", "settings:manage"]).await;
    // Another instance's log: what this one records stays in its queue.
    let (log, writer) = EventLog::open(&site.state, None);
    let events = [
        Event::new(kinds::LEXICON_CREATED).subject("com.example.one").actor("did:web:ada.example.com"),
        Event::new(kinds::LEXICON_DELETED).subject("com.example.one"),
        Event::new(kinds::USER_CREATED)
            .subject("did:web:bob.example.com")
            .detail(json!({ "template": "viewer" })),
        Event::new(kinds::AUTH_PERMISSION_DENIED).subject("/admin/users"),
        Event::new(kinds::JETSTREAM_DISCONNECTED).subject("wss://100%.example.com").severity(Severity::Warn),
    ];
    for event in events {
        log.record(event);
        // So that each has a time of its own.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let stop = CancellationToken::new();
    stop.cancel();
    writer.run(stop).await;
    http
}

fn types(page: &Value) -> Vec<&str> {
    page["events"].as_array().unwrap().iter().map(|event| event["event_type"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_come_first_and_pages_join() {
    on_each_site(async |site| {
        let http = told(&site).await;
        let all = http.get("/admin/events").await.expect(200);
        let newest_first = [
            "jetstream.disconnected",
            "auth.permission_denied",
            "user.created",
            "lexicon.deleted",
            "lexicon.created",
        ];
        assert_eq!(types(&all), newest_first);
        assert!(all.get("cursor").is_none(), "nothing follows");
        let mut event = all["events"][2].clone();
        let (id, time) = (event["id"].take(), event["created_at"].take());
        assert!(id.is_string() && time.as_str().unwrap().ends_with('Z'));
        let expected = json!({
            "id": null, "event_type": "user.created", "severity": "info", "actor_did": null,
            "subject": "did:web:bob.example.com", "detail": { "template": "viewer" }, "created_at": null,
        });
        assert_eq!(event, expected);

        let mut seen = Vec::new();
        let mut query = vec![("limit", "2".to_owned())];
        loop {
            let query_now: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let page = http.get_with("/admin/events", &query_now).await.expect(200);
            assert!(page["events"].as_array().unwrap().len() <= 2);
            seen.extend(page["events"].as_array().unwrap().clone());
            let Some(cursor) = page["cursor"].as_str() else { break };
            query.truncate(1);
            query.push(("cursor", cursor.to_owned()));
        }
        assert_eq!(json!(seen), all["events"]);
        let time = all["events"][2]["created_at"].as_str().unwrap();
        let older = http.get_with("/admin/events", &[("cursor", time)]).await.expect(200);
        assert_eq!(types(&older), newest_first[3..], "a time alone is a cursor, too");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_hold_for_lists_and_counts() {
    on_each_site(async |site| {
        let http = told(&site).await;
        for (query, expected) in [
            (vec![("event_type", "user.created")], vec!["user.created"]),
            (vec![("event_type", "user")], vec![]),
            (vec![("category", "lexicon,user")], vec!["user.created", "lexicon.deleted", "lexicon.created"]),
            (vec![("category", "lex")], vec![]),
            (vec![("severity", "warn, error")], vec!["jetstream.disconnected", "auth.permission_denied"]),
            (vec![("subject", "EXAMPLE.one")], vec!["lexicon.deleted", "lexicon.created"]),
            (vec![("subject", "100%")], vec!["jetstream.disconnected"]),
            (vec![("subject", "%")], vec!["jetstream.disconnected"]),
            (vec![("category", "lexicon"), ("event_type", "lexicon.deleted")], vec!["lexicon.deleted"]),
            (
                vec![("category", "user"), ("severity", ""), ("subject", ""), ("event_type", "")],
                vec!["user.created"],
            ),
        ] {
            let page = http.get_with("/admin/events", &query).await.expect(200);
            assert_eq!(types(&page), expected, "{query:?}");
            let counted = http.get_with("/admin/events/count", &query).await.expect(200);
            assert_eq!(counted, json!({ "count": expected.len() }), "{query:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_clamped_and_nonsense_is_400() {
    on_each_site(async |site| {
        let http = told(&site).await;
        for (limit, expected) in [("0", 1), ("-1", 1), ("1", 1), ("100000", 5)] {
            let page = http.get_with("/admin/events", &[("limit", limit)]).await.expect(200);
            assert_eq!(types(&page).len(), expected, "{limit}");
        }
        for query in [("limit", "many"), ("cursor", "yesterday"), ("severity", "fatal")] {
            assert_eq!(http.get_with("/admin/events", &[query]).await.status, 400, "{query:?}");
        }
        assert_eq!(http.get_with("/admin/events/count", &[("severity", "fatal")]).await.status, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_deleted_by_those_who_may() {
    on_each_site(async |site| {
        let http = told(&site).await;
        let all = http.get("/admin/events").await.expect(200);
        let before = all["events"][2]["created_at"].clone();
        let reader = key(&site, &["events:read"]).await;
        let refused = reader.post("/admin/events/purge", &json!({ "all": true })).await.expect(403);
        assert_eq!(refused["message"], "Missing permission: settings:manage");
        for wrong in [
            json!({}),
            json!({ "all": false }),
            json!({ "before": before, "all": true }),
            json!({ "before": "today" }),
        ] {
            assert_eq!(http.post("/admin/events/purge", &wrong).await.status, 400, "{wrong}");
        }
        assert_eq!(http.post("/admin/events/purge", &json!({ "until": before })).await.status, 422);
        let purged = http.post("/admin/events/purge", &json!({ "before": before })).await.expect(200);
        assert_eq!(purged, json!({ "deleted": 2 }));
        assert_eq!(http.get("/admin/events/count").await.expect(200), json!({ "count": 3 }));
        let purged = http.post("/admin/events/purge", &json!({ "all": true })).await.expect(200);
        assert_eq!(purged, json!({ "deleted": 3 }));
    })
    .await;
}
