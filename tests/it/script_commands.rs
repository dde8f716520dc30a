//! Scripts from the command line, beside a server: run once with effects, and what they log as it happens.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};
use testkit::sim::Plan;
use testkit::{Belvedere, TestDatabase};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::model::Model;
use crate::samples::{POST, list_of};
use crate::wait::{PATIENCE, until};

const COUNTS: &str = r#"
function handle()
  db.raw("CREATE TABLE IF NOT EXISTS runs (n BIGINT)")
  if params.limit == 13 then
    error("unlucky")
  end
  db.raw("INSERT INTO runs VALUES ($1)", { params.limit })
  log("asked for " .. params.limit)
  return { runs = db.raw("SELECT count(*) AS n FROM runs")[1].n }
end"#;

#[tokio::test(flavor = "multi_thread")]
async fn run_and_are_listened_to_on_sqlite() {
    run_and_are_listened_to(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn run_and_are_listened_to_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        run_and_are_listened_to(database).await;
    }
}

async fn run_and_are_listened_to(database: TestDatabase) {
    let model = Model::start(Plan::normal(17, 1, 1, &[], 0), database, &[]).await;
    let trigger = format!("xrpc.query:{}", list_of(POST));
    let stored = model.place.run_with_input(&["script", "add", &trigger, "-"], COUNTS);
    assert_eq!(stored.code, Some(0), "{stored:?}");
    let server = model.place.start().await;
    let scene = Scene { model, trigger, server };
    scene.it_is_run_with_its_effects().await;
    scene.what_fails_is_said();
    scene.it_is_listened_to().await;
    scene.server.terminate().await;
}

struct Scene {
    model: Model,
    trigger: String,
    server: Belvedere,
}

impl Scene {
    async fn it_is_run_with_its_effects(&self) {
        let event = r#"{"params": {"limit": 3}}"#;
        for runs in [1, 2] {
            let ran = self.model.place.json(&["script", "run", &self.trigger, "--event", event]);
            assert_eq!(ran["result"], json!({ "runs": runs }), "{ran}");
            assert_eq!(ran["log"], json!(["asked for 3"]), "{ran}");
        }
        let tried = self.model.place.run(&["script", "test", &self.trigger, "--event", event]);
        assert_eq!(tried.code, Some(1), "it may only look: {tried:?}");
        // The server has the same tables, without what was only tried.
        assert_eq!(self.ask(4).await, json!({ "runs": 3 }));
    }

    fn what_fails_is_said(&self) {
        let place = &self.model.place;
        let unlucky = ["script", "run", &self.trigger, "--event", r#"{"params": {"limit": 13}}"#, "--json"];
        let failed = place.run(&unlucky);
        assert_eq!(failed.code, Some(1), "{failed:?}");
        let failed: Value = serde_json::from_str(&failed.stdout).unwrap();
        assert!(failed["error"].as_str().unwrap().contains("unlucky"), "{failed}");
        assert_eq!(failed["line"], 5, "{failed}");
        let nobody = place.run(&["script", "run", "xrpc.query:dev.belvedere.demo.none"]);
        assert!(nobody.code == Some(1) && nobody.stderr.contains("there is no script"), "{nobody:?}");
        let of_records = place.run(&["script", "run", &format!("record.index:{POST}")]);
        assert!(of_records.code == Some(1) && of_records.stderr.contains("can be tested"), "{of_records:?}");
    }

    async fn it_is_listened_to(&self) {
        // With what was said before, by whichever process, in order, each once.
        let mut all = self.follow(&[]);
        for said in ["asked for 3", "asked for 3", "asked for 4"] {
            all.says(said).await;
        }
        for limit in [5, 6, 7] {
            self.ask(limit).await;
            all.says(&format!("asked for {limit}")).await;
        }
        // Nothing of it; and nothing but failures.
        let mut new = self.follow(&["--limit", "0"]);
        let first = until("something new is said", PATIENCE, async || {
            self.ask(8).await;
            new.lines.try_recv().ok()
        })
        .await
        .0;
        assert_eq!(message(&first), "asked for 8");
        let mut errors = self.follow(&["--errors"]);
        self.ask(9).await;
        assert_eq!(self.server.client.get(&path(13)).await.status, 500);
        let failed = errors.next().await;
        assert_eq!(failed["event_type"], "script.error", "{failed}");
        assert!(message(&failed).contains("unlucky"), "{failed}");
    }

    async fn ask(&self, limit: u32) -> Value {
        self.server.client.get(&path(limit)).await.expect(200)
    }

    fn follow(&self, arguments: &[&str]) -> Listener {
        let command = ["script", "logs", &self.trigger, "--follow", "--json"];
        let mut command = self.model.place.options.command(&[&command, arguments].concat());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::unbounded_channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        Listener { child, lines }
    }
}

/// A command that goes on until it is killed, and what it prints.
struct Listener {
    child: Child,
    lines: mpsc::UnboundedReceiver<Value>,
}

impl Listener {
    async fn next(&mut self) -> Value {
        timeout(PATIENCE, self.lines.recv()).await.unwrap().unwrap()
    }

    async fn says(&mut self, expected: &str) {
        let said = self.next().await;
        assert_eq!(message(&said), expected, "{said}");
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn path(limit: u32) -> String {
    format!("/xrpc/{}?limit={limit}", list_of(POST))
}

fn message(line: &Value) -> &str {
    let detail = &line["detail"];
    detail["message"].as_str().or_else(|| detail["error"].as_str()).unwrap_or_default()
}
