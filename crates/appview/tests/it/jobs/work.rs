//! What a job does, and how that ends.

use serde_json::{Value, json};

use super::on_each_rig;
use crate::fake_pds::MALLORY;

const NOTIFY: &str = "
function handle()
  for i = 1, 3 do
    if job.should_stop() then return { at = i } end
    job.progress{ step = i }
    log('step ' .. i)
    job.wait(0.01)
  end
  return { done = true, uri = job.input.uri, id = job.id, who = caller_did, env = env.NAME }
end";

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_is_seen_and_what_it_returns_is_its_result() {
    on_each_rig(|rig| async move {
        let set = json!({ "key": "NAME", "value": "me" });
        drop(rig.server.admin.post("/admin/script-variables", &set).await);
        rig.script("job.run:notify", NOTIFY).await;
        let id = rig.make("notify", json!({ "uri": "at://x" })).await;
        let done = rig.becomes(&id, "completed").await;
        let expected = json!({ "done": true, "uri": "at://x", "id": id, "who": MALLORY, "env": "me" });
        assert_eq!((&done["result"], &done["progress"]), (&expected, &json!({ "step": 3 })));
        assert_eq!((&done["job_type"], &done["created_by"]), (&json!("notify"), &json!(MALLORY)));
        assert_eq!((&done["inherit_auth"], &done["error"]), (&json!(false), &Value::Null));
        assert!(done["started_at"].is_string() && done["completed_at"].is_string(), "{done}");
        assert_eq!(rig.lines(&id).await, ["step 1", "step 2", "step 3"]);
        let page = rig.server.admin.get(&format!("/admin/jobs/{id}/logs?limit=2")).await.expect(200);
        let next = format!("/admin/jobs/{id}/logs?cursor={}", page["cursor"].as_str().unwrap());
        assert_eq!(rig.server.admin.get(&next).await.expect(200)["logs"][0]["message"], "step 3");
        let filter = events::Filter { event_type: Some("script.log".to_owned()), ..Default::default() };
        rig.server
            .eventually("the event log has the lines, too", async || {
                let query = events::Query { filter: filter.clone(), limit: 100, after: None };
                let events = rig.server.events.query(query).await.unwrap().events;
                events.iter().filter(|event| event.subject.as_deref() == Some("job.run:notify")).count() == 3
            })
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_says_why() {
    on_each_rig(|rig| async move {
        let id = rig.make("unheard-of", json!(null)).await;
        let failed = rig.becomes(&id, "failed").await;
        assert!(
            failed["error"].as_str().unwrap().contains("no script for jobs of type unheard-of"),
            "{failed}"
        );
        // When that is mended, it can be tried again.
        rig.script("job.run:unheard-of", "function handle() return { has_input = job.input ~= nil } end")
            .await;
        assert_eq!(rig.tell(&id, "retry").await, "pending");
        assert_eq!(rig.becomes(&id, "completed").await["result"], json!({ "has_input": false }));

        for (number, (body, message)) in [
            ("function handle()\nlocal x = nil\nreturn x.y end", ":3:"),
            ("function handle() return function() end end", "the result"),
            ("function handle() return ('x'):rep(300000) end", "262144"),
            ("function handle() return ('x'):rep(11000000) end", "JSON text larger"),
            (
                "function handle() local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end end",
                "memory",
            ),
            ("function handle() job.progress('x') end", "takes a table"),
            ("function handle() job.progress{ x = ('x'):rep(70000) } end", "65536"),
            ("function handle() job.wait(3601) end", "from 0 to 3600"),
            ("function handle() job.wait(-1) end", "from 0 to 3600"),
            ("function handle() job.wait('x') end", "from 0 to 3600"),
        ]
        .into_iter()
        .enumerate()
        {
            let id = rig.run(&format!("bad-{number}"), body).await;
            let failed = rig.becomes(&id, "failed").await;
            assert!(failed["error"].as_str().unwrap().contains(message), "{message}: {failed}");
            assert_eq!(failed["result"], Value::Null);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_again_as_often_as_it_was_asked_for() {
    on_each_rig(|rig| async move {
        rig.script("job.run:flaky", "function handle() error('not today') end").await;
        let id = rig.wish("flaky", &json!(1), &json!({ "attempts": 3 })).await.unwrap();
        let failed = rig.becomes(&id, "failed").await;
        assert_eq!((&failed["attempts"], &failed["max_attempts"]), (&json!(3), &json!(3)));
        assert_eq!(rig.lines(&id).await.len(), 3);
        let limit =
            "function handle() local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end end";
        rig.script("job.run:hopeless", limit).await;
        let id = rig.wish("hopeless", &json!(1), &json!({ "attempts": 3 })).await.unwrap();
        assert_eq!(rig.becomes(&id, "failed").await["attempts"], 1, "it would be the same again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_no_limit_of_time_or_instructions() {
    on_each_rig(|rig| async move {
        let body = "function handle() local n = 0 for i = 1, 5000000 do n = n + 1 end return n end";
        let id = rig.run("long", body).await;
        assert_eq!(rig.becomes(&id, "completed").await["result"], 5_000_000);
    })
    .await;
}
