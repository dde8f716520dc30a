//! What is refused, and why.

use serde_json::json;

use super::started;
use crate::harness::{ALICE, GET_STATUSES, STATUS, has_status, on_each_server};

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_make_no_sense() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        for (body, message) in [
            (
                json!({ "collection": "com.example.unknown" }),
                "there is no record lexicon com.example.unknown",
            ),
            (json!({ "collection": GET_STATUSES }), "there is no record lexicon"),
            (json!({ "collection": "statuses" }), "collection: "),
            (json!({ "did": "alice.example.com" }), "did: "),
            (json!({ "did": ALICE, "dids": [ALICE] }), "give did or dids, not both"),
            (json!({ "scope": "network", "did": ALICE }), "the scope network has no did"),
            (json!({ "scope": "network", "dids": [ALICE] }), "the scope network has no did"),
            (json!({ "scope": "dids" }), "the scope dids needs dids"),
            (json!({ "scope": "everybody" }), "scope must be network or dids"),
            (json!({ "dids": [] }), "dids must be 1 to 500"),
            (json!({ "dids": vec![ALICE; 501] }), "dids must be 1 to 500"),
            (json!({ "dids": ["x".repeat(5000)] }), "\"xxx"),
            (json!({ "mode": "quickly" }), ""),
        ] {
            let error = server.admin.post("/admin/backfill", &body).await.expect(400);
            let error = error["error"].as_str().unwrap();
            assert!(error.starts_with(message) && error.len() < 300, "{message}: {error}");
        }
        for body in [json!({ "collection": 1 }), json!({ "dids": ALICE }), json!({ "verified": "yes" })] {
            has_status(&server.admin.post("/admin/backfill", &body).await, 422);
        }
        assert_eq!(server.admin.get("/admin/backfill/status").await.expect(200), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_there_are_none_of() {
    on_each_server(|server| async move {
        let error = json!({ "error": "backfill job not found" });
        for path in ["", "/repos", "/pds-summary", "/events", "/errors"] {
            let path = format!("/admin/backfill/nothing{path}");
            assert_eq!(server.admin.get(&path).await.expect(404), error, "{path}");
        }
        for path in ["pause", "resume", "cancel", "retry-failed"] {
            let path = format!("/admin/backfill/nothing/{path}");
            assert_eq!(server.admin.post(&path, &json!({})).await.expect(404), error, "{path}");
        }
        assert_eq!(server.admin.delete("/admin/backfill/nothing/details").await.expect(404), error);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_cannot_be() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let id = started(&server, &json!({ "collection": STATUS })).await;
        for query in
            ["repos?phase=lost", "repos?limit=many", "repos?cursor=x", "errors?limit=x", "errors?cursor="]
        {
            let answer = server.admin.get(&format!("/admin/backfill/{id}/{query}")).await;
            assert_eq!(answer.status, 400, "{query}: {answer:?}");
        }
        for query in ["state=lost", "state=pending", "state=", "limit=x", "cursor=", "cursor=1", "cursor=a-1"]
        {
            let answer = server.admin.get(&format!("/admin/backfill/missing?{query}")).await;
            assert_eq!(answer.status, 400, "{query}: {answer:?}");
        }
    })
    .await;
}
