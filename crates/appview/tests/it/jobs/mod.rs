//! Background jobs: scripts that make them, scripts that are them, and those who look at them (spec/appview.md §5.11).

mod calls;
mod control;
mod hostile;
mod made;
mod refused;
mod work;

use std::time::Duration;

use appview::NewLexicon;
use serde_json::{Value, json};
use testkit::Device;
use tokio::time::{Instant, sleep};

use crate::fake_pds::FakePds;
use crate::harness::{Server, procedure_lexicon, schemas};

const MAKE: &str = "com.example.make";

/// Much longer than anything takes, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// Makes the job that its caller wants.
const MAKER: &str =
    "function handle() return { id = jobs.create(input.type, input.input, input.options) } end";

/// A server with somebody who may have jobs made.
struct Rig {
    server: Server,
    device: Device,
    fake: FakePds,
}

/// Runs a test on each engine.
async fn on_each_rig<T: Future<Output = ()>>(test: impl Fn(Rig) -> T + Copy) {
    testkit::on_each_engine(&schemas(), |store| async move {
        let fake = FakePds::start().await;
        let (server, device) = fake.meet(store).await;
        server.add(NewLexicon::new(procedure_lexicon(MAKE).to_string())).await;
        let rig = Rig { server, device, fake };
        rig.script(&format!("xrpc.procedure:{MAKE}"), MAKER).await;
        test(rig).await;
    })
    .await;
}

impl Rig {
    async fn script(&self, trigger: &str, body: &str) {
        let answer = self.server.admin.post("/admin/scripts", &json!({ "id": trigger, "body": body })).await;
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
    }

    /// What comes of the wish for a job.
    async fn wish(&self, job_type: &str, input: &Value, options: &Value) -> Result<String, String> {
        let wish = json!({ "type": job_type, "input": input, "options": options });
        let answer = self.device.post(&format!("/xrpc/{MAKE}"), &wish).await;
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        match answer.status {
            200 => Ok(body["id"].as_str().unwrap().to_owned()),
            _ => Err(body["message"].as_str().unwrap().to_owned()),
        }
    }

    /// Makes a job; its id.
    async fn make(&self, job_type: &str, input: Value) -> String {
        self.wish(job_type, &input, &json!({})).await.unwrap()
    }

    /// Stores the script of a type and makes a job of it.
    async fn run(&self, job_type: &str, body: &str) -> String {
        self.script(&format!("job.run:{job_type}"), body).await;
        self.make(job_type, json!({ "x": 1 })).await
    }

    async fn job(&self, id: &str) -> Value {
        self.server.admin.get(&format!("/admin/jobs/{id}")).await.expect(200)
    }

    /// Waits until a job is like that.
    async fn until(&self, id: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let job = self.job(id).await;
            if is(&job) {
                return job;
            }
            assert!(Instant::now() < deadline, "never {what}: {job}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn becomes(&self, id: &str, status: &str) -> Value {
        self.until(id, status, |job| job["status"] == status).await
    }

    /// Tells a job something; the status it has then.
    async fn tell(&self, id: &str, what: &str) -> String {
        let answer =
            self.server.admin.post(&format!("/admin/jobs/{id}/{what}"), &json!({})).await.expect(200);
        assert_eq!(answer["id"], id);
        answer["status"].as_str().unwrap().to_owned()
    }

    /// The lines of a job's log.
    async fn lines(&self, id: &str) -> Vec<String> {
        let page = self.server.admin.get(&format!("/admin/jobs/{id}/logs?limit=100")).await.expect(200);
        page["logs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["message"].as_str().unwrap().to_owned())
            .collect()
    }
}
