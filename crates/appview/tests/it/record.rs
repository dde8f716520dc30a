//! The default query with `uri`.

use appview::NewLexicon;
use serde_json::json;
use testkit::Answer;

use crate::harness::{
    ALICE, GET_STATUSES, STATUS, Server, has_status, on_each_server, query_lexicon, record_lexicon,
};

async fn get(server: &Server, uri: &str) -> Answer {
    server.client.get_with(&format!("/xrpc/{GET_STATUSES}"), &[("uri", uri)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn by_its_uri_without_a_target_collection() {
    on_each_server(|server| async move {
        server.add(NewLexicon::new(record_lexicon(STATUS).to_string())).await;
        server.add(NewLexicon::new(query_lexicon(GET_STATUSES).to_string())).await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let answer = get(&server, &format!("at://{ALICE}/{STATUS}/r")).await;
        assert_eq!(answer.header("content-type"), "application/json");
        insta::allow_duplicates! { insta::assert_json_snapshot!("record", answer.expect(200)); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_here_is_not_found() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        for uri in [
            format!("at://{ALICE}/{STATUS}/other"),
            format!("at://{ALICE}/com.example.nothing/r"),
            format!("at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/{STATUS}/r"),
        ] {
            assert_eq!(get(&server, &uri).await.expect(404), json!({"error": "record not found"}), "{uri}");
        }
        server.ingested(server.stream.delete(ALICE, STATUS, "r")).await;
        has_status(&get(&server, &format!("at://{ALICE}/{STATUS}/r")).await, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_uri_is_refused() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        for uri in [
            "",
            "r",
            "https://example.com/",
            "at://",
            "at://did:web:alice.invalid",
            "at://did:web:alice.invalid/com.example.status",
            "at://did:web:alice.invalid/com.example.status/",
            "at://did:web:alice.invalid/status/r",
            "at://did:web:alice.invalid/com.example.status/r/s",
            "at://did:web:alice.invalid/com.example.status/r#f",
            "at://did:web:alice.invalid/com.example.status/\u{0}",
        ] {
            let error = get(&server, uri).await.expect(400);
            let said = error["message"].as_str().or(error["error"].as_str()).unwrap();
            assert!(said.trim_start_matches("parameter ").starts_with("uri"), "{uri}: {error}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_of_an_unreachable_host_stay_without_a_link() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let record = json!({"picture": {
            "$type": "blob",
            "ref": {"$link": "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity"},
            "mimeType": "image/png",
            "size": 3,
        }});
        server.write(ALICE, "r", &record.to_string()).await;
        let answer = get(&server, &format!("at://{ALICE}/{STATUS}/r")).await.expect(200);
        assert_eq!(answer["record"]["picture"], record["picture"]);
    })
    .await;
}
