//! What the event log says of lexicons, records and the stream.

use std::time::{Duration, Instant};

use accounts::Actor;
use events::{Filter, Query, StoredEvent};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{
    ALICE, BOB, GET_STATUSES, PATIENCE, STATUS, Server, Surroundings, has_status, on_each_server,
    record_lexicon, schemas,
};

/// The events of a category, oldest first, once there are as many.
async fn recorded(server: &Server, category: &str, count: usize) -> Vec<StoredEvent> {
    let started = Instant::now();
    loop {
        let filter = Filter { categories: vec![category.to_owned()], ..Filter::default() };
        let page = server.events.query(Query { filter, limit: 100, after: None }).await.unwrap();
        if page.events.len() >= count {
            let mut events = page.events;
            events.reverse();
            return events;
        }
        assert!(started.elapsed() < PATIENCE, "only {:?}", page.events);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Type, severity, actor, subject and detail.
fn told(event: &StoredEvent) -> Value {
    let detail: Value = serde_json::from_str(&event.detail).unwrap();
    json!([event.event_type, event.severity, event.actor_did, event.subject, detail])
}

async fn verbose(server: &Server, wanted: bool) {
    let settings = &server.accounts.settings;
    settings.set(&Actor::LocalOperator, "verbose_event_logging", &wanted.to_string()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lexicons_by_name_of_whoever_changes_them() {
    on_each_server(|server| async move {
        let body = json!({ "lexicon_json": record_lexicon(STATUS) });
        has_status(&server.admin.post("/admin/lexicons", &body).await, 201);
        has_status(&server.admin.post("/admin/lexicons", &body).await, 200);
        has_status(&server.admin.delete(&format!("/admin/lexicons/{STATUS}")).await, 204);
        has_status(&server.admin.delete(&format!("/admin/lexicons/{STATUS}")).await, 404);
        server.catalogue.lexicons().on_behalf_of(Some(ALICE)).remove("com.example.nothing").await.unwrap();
        let theirs = server.catalogue.lexicons().on_behalf_of(Some(ALICE));
        theirs.put(appview::NewLexicon::new(record_lexicon(STATUS).to_string())).await.unwrap();
        let events: Vec<_> = recorded(&server, "lexicon", 4).await.iter().map(told).collect();
        assert_eq!(
            json!(events),
            json!([
                ["lexicon.created", "info", null, STATUS, { "revision": 1, "source": "manual" }],
                ["lexicon.updated", "info", null, STATUS, { "revision": 2, "source": "manual" }],
                ["lexicon.deleted", "info", null, STATUS, { "revision": 2, "source": "manual" }],
                ["lexicon.created", "info", ALICE, STATUS, { "revision": 1, "source": "manual" }],
            ])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_one_by_one_while_that_is_wanted() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "before", r#"{"status":"x"}"#).await;
        verbose(&server, true).await;
        server.write(ALICE, "one", r#"{"status":"a"}"#).await;
        server.write(ALICE, "one", r#"{"status":"b"}"#).await;
        let deleted = server.stream.delete(ALICE, STATUS, "one");
        server.ingested(deleted).await;
        let detail =
            |operation| json!({ "collection": STATUS, "did": ALICE, "rkey": "one", "operation": operation });
        let uri = format!("at://{ALICE}/{STATUS}/one");
        let events: Vec<_> = recorded(&server, "record", 3).await.iter().map(told).collect();
        assert_eq!(
            json!(events),
            json!([
                ["record.created", "info", ALICE, uri, detail("create")],
                ["record.created", "info", ALICE, uri, detail("update")],
                ["record.deleted", "info", ALICE, uri, detail("delete")],
            ])
        );
        verbose(&server, false).await;
        server.write(ALICE, "after", r#"{"status":"x"}"#).await;
        server.write(BOB, "after", r#"{"status":"x"}"#).await;
        assert_eq!(recorded(&server, "record", 3).await.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_not_what_they_are_said_to_be() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let cid = "bafyreigq4zsipbk5w3uqkbmh2w2633c5tcg4ayqoxwqz5e5xvyuk4xlwxq";
        server.stream.put_as(ALICE, STATUS, "forged", r#"{"status":"x"}"#, cid);
        server.write(ALICE, "sound", r#"{"status":"x"}"#).await;
        let event = told(&recorded(&server, "record", 1).await[0]);
        assert_eq!((&event[0], &event[1]), (&json!("record.cid_mismatch"), &json!("warn")));
        assert_eq!((&event[2], &event[3]), (&json!(ALICE), &json!(format!("at://{ALICE}/{STATUS}/forged"))));
        assert_eq!(event[4]["rkey"], "forged");
        assert!(event[4]["reason"].as_str().unwrap().contains(cid), "{event}");
        has_status(
            &server
                .client
                .get(&format!("/xrpc/com.example.getStatuses?uri=at://{ALICE}/{STATUS}/forged"))
                .await,
            404,
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_comes_and_goes_once() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let connected = told(&recorded(&server, "jetstream", 1).await[0]);
        assert_eq!((&connected[0], &connected[1]), (&json!("jetstream.connected"), &json!("info")));
        let url = connected[4]["url"].as_str().unwrap();
        assert_eq!(url.trim_end_matches('/'), server.stream.url());
        // Other collections are asked for on a new connection.
        let body = json!({ "lexicon_json": record_lexicon("com.example.other") });
        has_status(&server.admin.post("/admin/lexicons", &body).await, 201);
        server.write(ALICE, "one", r#"{"status":"x"}"#).await;
        assert_eq!(recorded(&server, "jetstream", 1).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_cannot_be_reached_is_told_once() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let jetstream = Some("ws://127.0.0.1:1".to_owned());
        let server = Server::launch(store, Surroundings { jetstream, ..Surroundings::nobody() }).await;
        server.add_status_lexicons().await;
        let event = told(&recorded(&server, "jetstream", 1).await[0]);
        assert_eq!((&event[0], &event[1]), (&json!("jetstream.disconnected"), &json!("warn")));
        assert!(event[4]["reason"].as_str().unwrap().contains("127.0.0.1:1"), "{event}");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert_eq!(recorded(&server, "jetstream", 1).await.len(), 1, "although it was tried again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_deletion_is_told() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        verbose(&server, true).await;
        server.write(ALICE, "one", r#"{"status":"x"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/one");
        let delete = server.admin.request(Method::DELETE, "/admin/records").query(&[("uri", &uri)]);
        has_status(&server.admin.send(delete).await, 204);
        let events = recorded(&server, "record", 2).await;
        assert_eq!(told(&events[1])[0], "record.deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_scripts_while_that_is_wanted() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let (query, record) = (format!("xrpc.query:{GET_STATUSES}"), format!("record.index:{STATUS}"));
        for (id, returned) in [(&query, "1"), (&record, "record")] {
            let script = json!({ "id": id, "body": format!("function handle() return {returned} end") });
            has_status(&server.admin.post("/admin/scripts", &script).await, 201);
        }
        let run = async |rkey: &str| {
            let answer = server.client.get(&format!("/xrpc/{GET_STATUSES}")).await.expect(200);
            assert_eq!(answer, json!(1));
            server.write(ALICE, rkey, r#"{"status":"x"}"#).await;
        };
        run("before").await;
        verbose(&server, true).await;
        run("one").await;
        let executed = async || {
            let filter = Filter { event_type: Some("script.executed".to_owned()), ..Filter::default() };
            server.events.query(Query { filter, limit: 100, after: None }).await.unwrap().events
        };
        server.eventually("both are told", async || executed().await.len() == 2).await;
        let mut events: Vec<_> = executed().await.iter().map(told).collect();
        events.sort_by_key(|event| event[3].as_str().map(str::to_owned));
        assert_eq!(
            events[0],
            json!(["script.executed", "info", null, record, {
                "host_kind": "record", "host_id": format!("{STATUS}:create"), "trigger": record, "attempts": 1,
            }])
        );
        let took = events[1][4]["duration_ms"].take();
        assert!(took.is_u64(), "{took}");
        assert_eq!(
            events[1],
            json!(["script.executed", "info", null, query, { "method": GET_STATUSES, "caller_did": null, "duration_ms": null }])
        );
        verbose(&server, false).await;
        run("after").await;
        assert_eq!(executed().await.len(), 2);
    })
    .await;
}
