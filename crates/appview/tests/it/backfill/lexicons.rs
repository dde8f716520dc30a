//! A lexicon that is new asks for what was written before.

use serde_json::{Value, json};

use crate::harness::{GET_STATUSES, STATUS, Server, on_each_server, query_lexicon, record_lexicon};

#[tokio::test(flavor = "multi_thread")]
async fn history_is_asked_for_once() {
    on_each_server(|server| async move {
        let added = add(&server, &json!({ "lexicon_json": record_lexicon(STATUS) })).await;
        let jobs = jobs(&server).await;
        assert_eq!(jobs.len(), 1);
        let fields = ["id", "collection", "cause", "scope"].map(|field| jobs[0][field].clone());
        assert_eq!(
            fields,
            [added["backfill_job"].clone(), json!(STATUS), json!("lexicon"), json!("network")]
        );
        adds_no_job(&server, &json!({ "lexicon_json": record_lexicon(STATUS) })).await;
        let query = json!({ "lexicon_json": query_lexicon(GET_STATUSES), "target_collection": STATUS });
        adds_no_job(&server, &query).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn or_not_if_it_is_not_wanted_until_it_is() {
    on_each_server(|server| async move {
        adds_no_job(&server, &json!({ "lexicon_json": record_lexicon(STATUS), "backfill": false })).await;
        let wanted = add(&server, &json!({ "lexicon_json": record_lexicon(STATUS), "backfill": true })).await;
        assert!(wanted["backfill_job"].is_string(), "{wanted}");
        // What becomes a record lexicon has a history, too.
        let id = "com.example.changing";
        adds_no_job(&server, &json!({ "lexicon_json": query_lexicon(id) })).await;
        let record = add(&server, &json!({ "lexicon_json": record_lexicon(id) })).await;
        assert!(record["backfill_job"].is_string(), "{record}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_add_lexicons_may_cause_that() {
    on_each_server(|server| async move {
        let caller = server.caller(&["lexicons:create"]).await;
        let body = json!({ "lexicon_json": record_lexicon(STATUS) });
        let added = caller.post("/admin/lexicons", &body).await.expect(201);
        assert!(added["backfill_job"].is_string(), "{added}");
    })
    .await;
}

async fn add(server: &Server, body: &Value) -> Value {
    let answer = server.admin.post("/admin/lexicons", body).await;
    assert!(matches!(answer.status, 200 | 201), "{answer:?}");
    answer.json()
}

async fn adds_no_job(server: &Server, body: &Value) {
    let before = jobs(server).await;
    let added = add(server, body).await;
    assert!(added.get("backfill_job").is_none(), "{added}");
    assert_eq!(jobs(server).await, before);
}

async fn jobs(server: &Server) -> Vec<Value> {
    let listed = server.admin.get("/admin/backfill/status").await.expect(200);
    listed.as_array().unwrap().clone()
}
