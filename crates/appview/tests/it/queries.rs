//! Queries that another app hands on.

use axum::body::{Body, to_bytes};
use http::Request;

use crate::harness::{ALICE, GET_STATUSES, STATUS, on_each_server};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_on_is_answered_as_if_it_had_come_here() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let path = format!("/xrpc/{GET_STATUSES}?limit=1");
        let request = || Request::get(&path).body(Body::empty()).unwrap();
        let answer = server.queries.answer(request()).await.unwrap();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let here: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(here, server.client.get(&path).await.expect(200));
        assert_eq!(here["records"][0]["uri"], format!("at://{ALICE}/{STATUS}/r"));
        let request = Request::get("/xrpc/no-name").body(Body::empty()).unwrap();
        let refused = server.queries.answer(request).await.unwrap_err();
        assert_eq!(refused.status, 400);
    })
    .await;
}
