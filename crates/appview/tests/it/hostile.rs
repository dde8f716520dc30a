//! Lexicons made to hurt.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::v;
use testkit::Answer;

use crate::harness::{STATUS, Server, has_status, on_each_server, record_lexicon};

/// Adds a document that is given as text.
async fn add(server: &Server, document: &str) -> Answer {
    let request = server.admin.request(http::Method::POST, "/admin/lexicons");
    let body = format!("{{\"lexicon_json\":{document}}}");
    server.admin.send(request.header("content-type", "application/json").body(body)).await
}

fn lexicon_with(extra: &str) -> String {
    format!(r#"{{"lexicon":1,"id":"com.example.evil","defs":{{}},{extra}}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn are_refused_quickly_and_leave_nothing() {
    on_each_server(|server| async move {
        let documents = [
            lexicon_with(&format!(r#""x":{}1{}"#, "[".repeat(100_000), "]".repeat(100_000))),
            lexicon_with(&format!(r#""x":{}1{}"#, r#"{"a":"#.repeat(5_000), "}".repeat(5_000))),
            lexicon_with(&format!(r#""x":"{}""#, "x".repeat(600 << 10))),
            lexicon_with(r#""x":{"y":1,"y":2}"#),
            lexicon_with(r#""id":"com.example.other""#),
            lexicon_with(r#""x":{"$serde_json::private::RawValue":"[[["}"#),
            lexicon_with(r#""x":{"$serde_json::private::Number":"1"}"#),
        ];
        for document in &documents {
            let started = Instant::now();
            let error = add(&server, document).await.expect(400);
            assert!(started.elapsed() < Duration::from_secs(5));
            assert!(error["error"].as_str().unwrap().len() < 300, "{error}");
        }
        assert_eq!(server.admin.get("/admin/lexicons").await.text, "[]");
    })
    .await;
}

/// Types that are wrong where only other software looks.
#[tokio::test(flavor = "multi_thread")]
async fn oddities_are_stored_with_a_warning() {
    on_each_server(|server| async move {
        for (number, main) in [
            json!("a string"),
            json!({"type": "record", "record": "a string"}),
            json!({"type": "record", "record": {"properties": [1]}}),
            json!({"type": "query", "parameters": 7}),
            json!({"type": "query", "parameters": {"properties": {"limit": []}}}),
            json!({"type": ["query"]}),
        ]
        .into_iter()
        .enumerate()
        {
            let id = format!("com.example.odd{number}");
            let document = json!({"lexicon": 1, "id": id, "defs": {"main": main}});
            let answer = add(&server, &document.to_string()).await.expect(201);
            assert!(answer["warnings"].is_array(), "{document}: {answer}");
            has_status(&server.admin.get(&format!("/admin/lexicons/{id}")).await, 200);
            assert!(
                [200, 400].contains(&server.client.get(&format!("/xrpc/{id}?limit=1")).await.status),
                "{document}"
            );
        }
        has_status(&server.admin.get("/admin/lexicons").await, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_limit_to_all_together() {
    on_each_server(|server| async move {
        fill(&server, 32, &"x".repeat(1 << 20)).await;
        let error = add(&server, &record_lexicon(STATUS).to_string()).await.expect(400);
        assert_eq!(
            error,
            json!({"error": "all lexicons together may have 32 MiB at most; remove some first"})
        );
        has_status(&server.admin.delete("/admin/lexicons/com.example.filler7").await, 204);
        has_status(&add(&server, &record_lexicon(STATUS).to_string()).await, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_limit_to_their_number() {
    on_each_server(|server| async move {
        fill(&server, 5_000, "{}").await;
        let error = add(&server, &record_lexicon(STATUS).to_string()).await.expect(400);
        assert!(error["error"].as_str().unwrap().starts_with("there are 5000 lexicons already"), "{error}");
        has_status(&add(&server, r#"{"lexicon":1,"id":"com.example.filler7","defs":{}}"#).await, 200);
    })
    .await;
}

/// Puts rows into the table past every check, so that it takes no time.
async fn fill(server: &Server, rows: usize, text: &str) {
    const INSERT: &str =
        "INSERT INTO appview_lexicons (id, revision, lexicon_json, lexicon_type, backfill, source,
        created_at, updated_at, version) VALUES ($1, 1, $2, 'definitions', 0, 'manual', 0, 0, 0)";
    let text = text.to_owned();
    let filled = server.store.state.write(move |conn| {
        for number in 0..rows {
            conn.execute(INSERT, &[v(&format!("com.example.filler{number}")), v(&text)])?;
        }
        Ok::<_, store::Error>(())
    });
    filled.await.unwrap();
}

/// Whatever got into the table, the server starts and serves the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_stored_lexicon_that_cannot_be_used_is_left_out() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let spoil = "UPDATE appview_lexicons SET lexicon_json = '{}', version = 1000 WHERE id = $1";
        let spoilt = server.store.state.write(move |conn| {
            conn.execute("UPDATE appview_catalogue SET version = 1000", &[])?;
            conn.execute(spoil, &[v(STATUS)])
        });
        assert_eq!(spoilt.await.unwrap(), 1);
        let restarted = Server::start(server.store.clone()).await;
        has_status(&restarted.client.get("/xrpc/com.example.getStatuses").await, 200);
        assert_eq!(
            restarted.admin.get("/admin/records/collections").await.expect(200),
            json!({"collections": []})
        );
        let list: Value = restarted.admin.get("/admin/lexicons").await.expect(200);
        assert_eq!(list.as_array().unwrap().len(), 2, "it is still shown, so that it can be replaced");
        has_status(&add(&restarted, &record_lexicon(STATUS).to_string()).await, 200);
        let collections = restarted.admin.get("/admin/records/collections").await.expect(200);
        assert_eq!(collections, json!({"collections": [STATUS]}));
    })
    .await;
}
