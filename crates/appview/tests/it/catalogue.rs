//! Lexicons that change while the server serves.

use std::time::{Duration, Instant};

use appview::NewLexicon;
use serde_json::json;

use crate::harness::{
    ALICE, GET_STATUSES, STATUS, Server, has_status, on_each_server, procedure_lexicon, query_lexicon,
    query_of, record_lexicon,
};

/// What a method without a lexicon answers here, where there is nobody to ask instead.
const ELSEWHERE: u16 = 502;

/// How long another process's change may take.
const ONE_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_api_takes_effect_at_once() {
    on_each_server(|server| async move {
        let path = format!("/xrpc/{GET_STATUSES}");
        let add = |target: &str| {
            let body = json!({"lexicon_json": query_lexicon(GET_STATUSES), "target_collection": target});
            let admin = server.admin.clone();
            async move { admin.post("/admin/lexicons", &body).await }
        };
        has_status(&server.client.get(&path).await, ELSEWHERE);
        let body = json!({"lexicon_json": record_lexicon(STATUS)});
        has_status(&server.admin.post("/admin/lexicons", &body).await, 201);
        has_status(&add(STATUS).await, 201);
        has_status(&server.client.get(&path).await, 200);
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let one = |answer: serde_json::Value| answer["records"].as_array().unwrap().len();
        assert_eq!(one(server.client.get(&path).await.expect(200)), 1);
        has_status(&add("com.example.other").await, 200);
        assert_eq!(one(server.client.get(&path).await.expect(200)), 0);
        has_status(&server.admin.delete(&format!("/admin/lexicons/{GET_STATUSES}")).await, 204);
        has_status(&server.client.get(&path).await, ELSEWHERE);
    })
    .await;
}

/// Asks until the answer has this status, for at most a second.
async fn becomes(server: &Server, path: &str, status: u16) {
    let started = Instant::now();
    while server.client.get(path).await.status != status {
        assert!(started.elapsed() < ONE_SECOND, "{path} does not become {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_takes_effect_within_a_second() {
    on_each_server(|server| async move {
        let path = format!("/xrpc/{GET_STATUSES}");
        let elsewhere = server.lexicons();
        elsewhere.put(query_of(GET_STATUSES, STATUS)).await.unwrap();
        becomes(&server, &path, 200).await;
        elsewhere.put(NewLexicon::new(procedure_lexicon(GET_STATUSES).to_string())).await.unwrap();
        becomes(&server, &path, 400).await;
        assert!(elsewhere.remove(GET_STATUSES).await.unwrap());
        becomes(&server, &path, ELSEWHERE).await;
        assert!(!elsewhere.remove(GET_STATUSES).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_lexicon_from_another_process_starts_indexing() {
    on_each_server(|server| async move {
        server.add(query_of(GET_STATUSES, STATUS)).await;
        server.lexicons().put(NewLexicon::new(record_lexicon(STATUS).to_string())).await.unwrap();
        let started = Instant::now();
        while !server.catalogue.is_collection(STATUS) {
            assert!(started.elapsed() < ONE_SECOND);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let page = server.client.get(&format!("/xrpc/{GET_STATUSES}")).await.expect(200);
        assert_eq!(page["records"][0]["status"], "here");
        // Removing it stops indexing and leaves what is there.
        has_status(&server.admin.delete(&format!("/admin/lexicons/{STATUS}")).await, 204);
        server.stream.put(ALICE, STATUS, "r2", r#"{"status":"unwanted"}"#);
        server.add(NewLexicon::new(record_lexicon("com.example.sign").to_string())).await;
        server.ingested(server.stream.put(ALICE, "com.example.sign", "s", "{}")).await;
        let page = server.client.get(&format!("/xrpc/{GET_STATUSES}")).await.expect(200);
        assert_eq!(page["records"].as_array().unwrap().len(), 1, "{page}");
    })
    .await;
}

/// Two processes that replace the same lexicon: every replacement counts, and both end up with the last one.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_changes_lose_nothing() {
    on_each_server(|server| async move {
        let writers = (0..8).map(|writer| {
            let lexicons = server.lexicons();
            tokio::spawn(async move {
                for round in 0..5 {
                    lexicons
                        .put(query_of(GET_STATUSES, &format!("com.example.c{writer}x{round}")))
                        .await
                        .unwrap();
                    let own = format!("com.example.own{writer}");
                    lexicons.put(NewLexicon::new(query_lexicon(&own).to_string())).await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let stored = server.lexicons().list().await.unwrap();
        let shared = stored.iter().find(|lexicon| lexicon.id == GET_STATUSES).unwrap();
        assert_eq!((stored.len(), shared.revision), (9, 40));
        server.catalogue.refresh().await.unwrap();
        for lexicon in &stored {
            // 400: no target collection; 200: one without records.
            let status = server.client.get(&format!("/xrpc/{}", lexicon.id)).await.status;
            assert_eq!(status, if lexicon.id == GET_STATUSES { 200 } else { 400 });
        }
    })
    .await;
}
