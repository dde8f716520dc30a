//! Following a job by server-sent events.

use serde_json::{Value, json};
use testkit::Answer;

use super::{carried_out, completed, started, told};
use crate::harness::{STATUS, Server, on_each_server};

/// Everything that is sent until the server closes the stream.
async fn followed(server: &Server, id: &str) -> Vec<Value> {
    let answer = server.admin.get(&format!("/admin/backfill/{id}/events")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"), "{answer:?}");
    events(&answer)
}

fn events(answer: &Answer) -> Vec<Value> {
    let blocks = answer.text.split("\n\n").filter(|block| block.contains("data:"));
    blocks
        .map(|block| {
            assert!(block.lines().any(|line| line == "event: event"), "{block}");
            let data = block.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
            serde_json::from_str(data).unwrap()
        })
        .collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_snapshot_to_the_end() {
    carried_out::on_each(async |server, _| {
        let id = started(server, &json!({ "collection": STATUS })).await;
        let events = followed(server, &id).await;
        assert!(events.iter().all(|event| event["job_id"] == id), "{events:?}");
        assert_eq!((&events[0]["type"], &events[0]["job"]["id"]), (&json!("job_snapshot"), &json!(id)));
        let last = json!({ "type": "job_completed", "job_id": id, "status": "completed", "error": null });
        assert_eq!(events.last(), Some(&last));
        let done = completed(server, &id).await;
        let counters = events.iter().rfind(|event| event["type"] == "job_counters");
        if let Some(counters) = counters {
            assert_eq!(counters["total_records"], done["total_records"], "{events:?}");
        }
        for fetched in events.iter().filter(|event| event["type"] == "repo_fetched") {
            assert!(fetched["pds_endpoint"].is_string() && fetched["records_fetched"].is_i64(), "{fetched}");
        }
        // Whoever comes later hears how it ended.
        assert_eq!(types(&followed(server, &id).await), ["job_snapshot", "job_completed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_ends_the_stream() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let id = started(&server, &json!({})).await;
        let (events, _) = tokio::join!(followed(&server, &id), told(&server, &id, "pause"));
        assert_eq!((types(&events)[0], *types(&events).last().unwrap()), ("job_snapshot", "job_completed"));
        assert_eq!(events.last().unwrap()["status"], "paused");
    })
    .await;
}
