//! A procedure has a job made, which does its work whatever becomes of the server.

use serde_json::{Value, json};
use testkit::network::Account;
use testkit::{Belvedere, Device, NetworkOptions, TestDatabase};

use crate::people::Client;
use crate::samples::{POST, procedure};
use crate::scene::Scene;
use crate::wait::{PATIENCE, until};

const METHOD: &str = "dev.belvedere.demo.publish";

const PUBLISH: &str = r#"
function handle()
  local r = Record(collection, { text = input.text, createdAt = now() })
  r:save()
  local job = jobs.create(input.job or "notify", { uri = r._uri }, { auth = input.auth or false })
  return { uri = r._uri, cid = r._cid, job = job }
end"#;

const NOTIFY: &str = r"
function handle()
  for i = 1, 3 do
    if job.should_stop() then return { at = i } end
    job.progress{ step = i }
    job.wait(0.1)
  end
  return { done = true, uri = job.input.uri }
end";

const REPLIES: &str = r#"
function handle()
  local r = Record("dev.belvedere.demo.post", { text = "a reply to " .. job.input.uri, createdAt = now() })
  return { uri = r:save()._uri }
end"#;

/// Ends only in a life of the server in which somebody wants it to.
const WAITS: &str = r#"
function handle()
  log("begun")
  if env.GO ~= "yes" then job.wait(3600) end
  return "ended"
end"#;

/// Does not listen.
const DEAF: &str = r#"
function handle()
  log("begun")
  while env.LISTEN ~= "yes" do job.wait(0.05) end
  return "heard"
end"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_carried_out_on_sqlite() {
    a_job_is_carried_out(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_carried_out_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        a_job_is_carried_out(database).await;
    }
}

async fn a_job_is_carried_out(database: TestDatabase) {
    let options = NetworkOptions { accounts: 1, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(database, options).await else { return };
    scene.place.add_samples();
    let scripts = [
        (format!("xrpc.procedure:{METHOD}"), PUBLISH),
        ("job.run:notify".to_owned(), NOTIFY),
        ("job.run:replies".to_owned(), REPLIES),
        ("job.run:waits".to_owned(), WAITS),
        ("job.run:deaf".to_owned(), DEAF),
    ];
    for (trigger, body) in scripts {
        let stored = scene.place.run_with_input(&["script", "add", &trigger, "-"], body);
        assert_eq!(stored.code, Some(0), "{stored:?}");
    }
    let server = scene.place.start().await;
    let admin = scene.place.admin(&server);
    drop(admin.post("/admin/lexicons", &procedure(METHOD, None)).await.expect(201));
    let app = Client::register(&admin, server.url(), "public", "public").await;
    let alice = scene.network.accounts().await.remove(0);
    let device = app.sign_in(&scene.network, &alice).await;
    notify(&scene, &server, &device).await;
    writes_for_its_creator(&scene, &server, &device, &alice).await;
    let server = survives_a_kill(&scene, server, &device).await;
    what_it_was_told_survives_a_kill(&scene, server, &alice).await;
}

async fn notify(scene: &Scene, server: &Belvedere, device: &Device) {
    let published = publish(device, &json!({ "text": "news" })).await;
    let done = becomes(scene, server, &published, "completed").await;
    assert_eq!(done["result"], json!({ "done": true, "uri": published["uri"] }));
    assert_eq!((&done["job_type"], &done["progress"]), (&json!("notify"), &json!({ "step": 3 })));
    let id = done["id"].as_str().unwrap();
    assert_eq!(scene.place.json(&["job", "show", id]), done, "a command says the same");
    assert_eq!(
        scene.place.json(&["job", "list", "--type", "notify", "--status", "completed"]),
        json!([done])
    );
}

async fn writes_for_its_creator(scene: &Scene, server: &Belvedere, device: &Device, alice: &Account) {
    let published = publish(device, &json!({ "text": "news", "job": "replies", "auth": true })).await;
    let done = becomes(scene, server, &published, "completed").await;
    let rkey = done["result"]["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let reply = scene.network.get_record(alice, POST, &rkey).await.unwrap();
    assert!(reply.value["text"].as_str().unwrap().contains(published["uri"].as_str().unwrap()));
    let published = publish(device, &json!({ "text": "news", "job": "replies" })).await;
    let failed = becomes(scene, server, &published, "failed").await;
    assert!(failed["error"].as_str().unwrap().contains("auth = true"), "{failed}");
}

async fn survives_a_kill(scene: &Scene, server: Belvedere, device: &Device) -> Belvedere {
    let published = publish(device, &json!({ "text": "news", "job": "waits" })).await;
    let id = published["job"].as_str().unwrap();
    let lines = || lines(scene, id);
    until("it is at work", PATIENCE, async || (lines() == ["begun"]).then_some(())).await;
    server.kill();
    let server = scene.place.start().await;
    until("it is at work again", PATIENCE, async || (lines().len() == 3).then_some(())).await;
    assert_eq!(lines(), ["begun", "the worker went away", "begun"]);
    server.kill();
    let set = scene.place.run_with_input(&["variable", "set", "GO"], "yes");
    assert_eq!(set.code, Some(0), "{set:?}");
    // What is told while nobody is there holds for whoever comes.
    assert_eq!(scene.place.json(&["job", "show", id])["status"], "running");
    let server = scene.place.start().await;
    let done = becomes(scene, &server, &published, "completed").await;
    assert_eq!((&done["result"], &done["attempts"]), (&json!("ended"), &json!(0)));
    assert_eq!(lines(), ["begun", "the worker went away", "begun", "the worker went away", "begun"]);
    let told = scene.place.run(&["job", "cancel", id]);
    assert!(told.code == Some(1) && told.stderr.contains("completed cannot be cancelled"), "{told:?}");
    server
}

/// Jobs that were told to stop and had not when the server died have stopped when it is back.
async fn what_it_was_told_survives_a_kill(scene: &Scene, server: Belvedere, alice: &Account) {
    // The server has another address since it was started again.
    let app = Client::register(&scene.place.admin(&server), server.url(), "other", "public").await;
    let device = app.sign_in(&scene.network, alice).await;
    let deaf = json!({ "text": "news", "job": "deaf" });
    let [paused, cancelled] = [publish(&device, &deaf).await, publish(&device, &deaf).await];
    let mut server = server;
    // One after the other: there is one place.
    for (job, command, at_first, then) in
        [(&paused, "pause", "pausing", "paused"), (&cancelled, "cancel", "cancelling", "cancelled")]
    {
        let id = job["job"].as_str().unwrap();
        until("it is at work", PATIENCE, async || (lines(scene, id) == ["begun"]).then_some(())).await;
        assert_eq!(scene.place.json(&["job", command, id])["status"], at_first);
        server.kill();
        assert_eq!(scene.place.json(&["job", "show", id])["status"], at_first);
        server = scene.place.start().await;
        becomes(scene, &server, job, then).await;
        assert_eq!(lines(scene, id), ["begun", "the worker went away"]);
    }
    let set = scene.place.run_with_input(&["variable", "set", "LISTEN"], "yes");
    assert_eq!(set.code, Some(0), "{set:?}");
    let [resumed, refused] =
        [&paused, &cancelled].map(|job| scene.place.run(&["job", "resume", job["job"].as_str().unwrap()]));
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    let done = becomes(scene, &server, &paused, "completed").await;
    assert_eq!((&done["result"], &done["attempts"]), (&json!("heard"), &json!(0)));
    assert!(refused.code == Some(1) && refused.stderr.contains("cancelled cannot be resumed"), "{refused:?}");
    server.terminate().await;
}

/// What a job has logged.
fn lines(scene: &Scene, id: &str) -> Vec<String> {
    let lines = scene.place.json(&["job", "logs", id]);
    let text = |line: &Value| line["message"].as_str().unwrap().to_owned();
    lines.as_array().unwrap().iter().map(text).collect()
}

async fn publish(device: &Device, input: &Value) -> Value {
    device.post(&format!("/xrpc/{METHOD}"), input).await.expect(200)
}

/// Waits until the job that was made has this status; the job.
async fn becomes(scene: &Scene, server: &Belvedere, published: &Value, status: &str) -> Value {
    let path = format!("/admin/jobs/{}", published["job"].as_str().unwrap());
    let admin = scene.place.admin(server);
    let what = format!("the job is {status}");
    let look = async || {
        let job = admin.get(&path).await.expect(200);
        (job["status"] == status).then_some(job)
    };
    until(&what, PATIENCE, look).await.0
}
