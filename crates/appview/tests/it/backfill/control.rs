//! Pausing, resuming and cancelling jobs that nobody has taken up.

use serde_json::json;

use super::{job, started, told};
use crate::harness::{Server, has_status, on_each_server};

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_paused_and_cancelled_at_once() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let id = started(&server, &json!({})).await;
        assert_eq!(told(&server, &id, "pause").await, "paused");
        assert_eq!(told(&server, &id, "pause").await, "paused", "repeating it changes nothing");
        assert_eq!(told(&server, &id, "resume").await, "running");
        refuses(&server, &id, "resume", "a job that is running cannot be resumed").await;
        refuses(&server, &id, "retry-failed", "a job that is running cannot be tried again").await;
        // Whoever carries it out has to stop first.
        assert_eq!(told(&server, &id, "pause").await, "pausing");
        assert_eq!(told(&server, &id, "cancel").await, "cancelling");
        assert_eq!(told(&server, &id, "cancel").await, "cancelling");

        let other = started(&server, &json!({})).await;
        assert_eq!(told(&server, &other, "pause").await, "paused");
        assert_eq!(told(&server, &other, "cancel").await, "cancelled");
        assert_eq!(told(&server, &other, "cancel").await, "cancelled");
        let cancelled = job(&server, &other).await;
        assert_eq!(cancelled["stage"], "cancelled");
        assert!(cancelled["completed_at"].is_string(), "{cancelled}");
        for (what, message) in [("pause", "paused"), ("resume", "resumed"), ("retry-failed", "tried again")] {
            refuses(&server, &other, what, &format!("a job that is cancelled cannot be {message}")).await;
        }
    })
    .await;
}

async fn refuses(server: &Server, id: &str, what: &str, message: &str) {
    let answer = server.admin.post(&format!("/admin/backfill/{id}/{what}"), &json!({})).await;
    assert_eq!(answer.expect(400), json!({ "error": message }), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_ended_is_forgotten() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let id = started(&server, &json!({})).await;
        let details = format!("/admin/backfill/{id}/details");
        has_status(&server.admin.delete(&details).await, 400);
        told(&server, &id, "cancel").await;
        has_status(&server.admin.delete(&details).await, 204);
        has_status(&server.admin.delete("/admin/backfill/details").await, 204);
        assert_eq!(job(&server, &id).await["status"], "cancelled", "the job itself stays");
    })
    .await;
}
