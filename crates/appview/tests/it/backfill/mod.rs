//! `/admin/backfill`.

mod carried_out;
mod control;
mod follow;
mod lexicons;
mod refused;
mod start;

use serde_json::{Value, json};

use crate::harness::Server;

/// Starts a job; its id. On a server without a relay it waits for ever.
async fn started(server: &Server, body: &Value) -> String {
    let answer = server.admin.post("/admin/backfill", body).await.expect(201);
    assert_eq!(answer["status"], "running");
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn job(server: &Server, id: &str) -> Value {
    server.admin.get(&format!("/admin/backfill/{id}")).await.expect(200)
}

/// Does something to a job that can be done to it; the status it has then.
async fn told(server: &Server, id: &str, what: &str) -> String {
    let answer = server.admin.post(&format!("/admin/backfill/{id}/{what}"), &json!({})).await.expect(200);
    assert_eq!(answer["id"], id);
    answer["status"].as_str().unwrap().to_owned()
}

/// Waits until the job has ended well; the job.
async fn completed(server: &Server, id: &str) -> Value {
    server.eventually("a completed job", async || job(server, id).await["status"] == "completed").await;
    job(server, id).await
}
