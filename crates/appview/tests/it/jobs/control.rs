//! Pausing, resuming, cancelling; restarts, and several instances.

use serde_json::json;
use store::v;
use testkit::HttpClient;

use super::{Rig, on_each_rig};
use crate::harness::{Server, Surroundings, has_status};

const STEPS: &str = "
function handle()
  local step = 0
  while not job.should_stop() do
    step = step + 1
    job.progress{ step = step }
    job.wait(0.02)
  end
  return { stopped_at = step }
end";

const PATIENT: &str = "function handle() job.wait(3600) return job.should_stop() end";

#[tokio::test(flavor = "multi_thread")]
async fn a_job_stops_when_it_is_told_to() {
    on_each_rig(|rig| async move {
        let id = rig.run("steps", STEPS).await;
        rig.until(&id, "at work", |job| job["progress"]["step"].is_number()).await;
        refuses(&rig, &id, "resume", "running", "resumed").await;
        refuses(&rig, &id, "retry", "running", "tried again").await;
        assert_eq!(rig.tell(&id, "pause").await, "pausing");
        let paused = rig.becomes(&id, "paused").await;
        assert!(paused["result"]["stopped_at"].is_number() && paused["completed_at"].is_null(), "{paused}");
        refuses(&rig, &id, "pause", "paused", "paused").await;
        assert_eq!(rig.tell(&id, "resume").await, "pending");
        rig.until(&id, "at work again", |job| job["status"] == "running" && job["result"].is_null()).await;
        assert_eq!(rig.tell(&id, "cancel").await, "cancelling");
        assert!(rig.becomes(&id, "cancelled").await["completed_at"].is_string());
        for (what, done) in [("cancel", "cancelled"), ("pause", "paused"), ("resume", "resumed")] {
            refuses(&rig, &id, what, "cancelled", done).await;
        }
        // Who waits hears of it at once.
        let id = rig.run("patient", PATIENT).await;
        rig.becomes(&id, "running").await;
        rig.tell(&id, "pause").await;
        assert_eq!(rig.becomes(&id, "paused").await["result"], true);
        assert_eq!(rig.tell(&id, "cancel").await, "cancelled", "what does not run is cancelled at once");
        let later = rig.wish("patient", &json!(1), &json!({ "delay": 3600 })).await.unwrap();
        assert_eq!(rig.job(&later).await["status"], "pending");
        assert_eq!(rig.tell(&later, "cancel").await, "cancelled");
    })
    .await;
}

async fn refuses(rig: &Rig, id: &str, what: &str, status: &str, done: &str) {
    let answer = rig.server.admin.post(&format!("/admin/jobs/{id}/{what}"), &json!({})).await;
    let message = format!("a job that is {status} cannot be {done}");
    assert_eq!(answer.expect(409), json!({ "error": message }), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_share_the_jobs_and_one_that_ends_gives_its_own_back() {
    on_each_rig(|rig| async move {
        rig.script("job.run:patient", PATIENT).await;
        let mut ids = Vec::new();
        for _ in 0..4 {
            ids.push(rig.make("patient", json!(1)).await);
        }
        for id in &ids[..2] {
            rig.becomes(id, "running").await;
        }
        assert_eq!(rig.job(&ids[3]).await["status"], "pending", "each has two places");
        let surroundings = Surroundings { instance: "two".to_owned(), ..Surroundings::nobody() };
        let two = Server::launch(rig.server.store.clone(), surroundings).await;
        for id in &ids[2..] {
            rig.becomes(id, "running").await;
        }
        // What one is told reaches the other.
        tell(&rig.server.admin, &ids[2], "cancel").await;
        rig.becomes(&ids[2], "cancelled").await;
        tell(&two.admin, &ids[0], "pause").await;
        rig.becomes(&ids[0], "paused").await;
        // Its job begins again in the place that is free.
        drop(two);
        let of = ids[3].clone();
        let deadline = tokio::time::Instant::now() + super::PATIENCE;
        loop {
            let of = of.clone();
            let owner = rig.server.store.state.read(move |conn| {
                let sql = "SELECT owner FROM appview_jobs WHERE id = $1 AND status = 'running'";
                conn.query_opt::<_, store::Error>(sql, &[v(&of)], |row| row.string(0))
            });
            if owner.await.unwrap().as_deref() == Some("test") {
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "it does not begin again");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn tell(admin: &HttpClient, id: &str, what: &str) {
    has_status(&admin.post(&format!("/admin/jobs/{id}/{what}"), &json!({})).await, 200);
}
