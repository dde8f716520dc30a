//! Jobs that are not made.

use serde_json::{Value, json};

use super::on_each_rig;
use crate::harness::{ALICE, GET_STATUSES, STATUS, has_status};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_a_reason() {
    on_each_rig(|rig| async move {
        let none = json!({});
        for (job_type, input, options, reason) in [
            (json!("Bad Type"), json!(1), &none, "use 1 to 128 of"),
            (json!(7), json!(1), &none, "type must be a string"),
            (json!("a"), json!("x".repeat(262_200)), &none, "limited to 262144 bytes"),
            (json!("a"), json!(1), &json!("auth"), "options must be a table"),
            (json!("a"), json!(1), &json!({ "atempts": 3 }), "no option \"atempts\"; there are: auth, delay"),
            (json!("a"), json!(1), &json!({ "auth": "yes" }), "auth must be true or false"),
            (json!("a"), json!(1), &json!({ "attempts": 0 }), "attempts must be"),
            (json!("a"), json!(1), &json!({ "attempts": 101 }), "attempts must be"),
            (json!("a"), json!(1), &json!({ "attempts": 1.5 }), "attempts must be"),
            (json!("a"), json!(1), &json!({ "delay": -1 }), "delay must be"),
            (json!("a"), json!(1), &json!({ "delay": 31_536_001 }), "delay must be"),
            (json!("a"), json!(1), &json!({ "run_at": "soon" }), "run_at must be"),
            (
                json!("a"),
                json!(1),
                &json!({ "run_at": "2026-01-31T12:00:00Z", "delay": 1 }),
                "either delay or run_at",
            ),
            (json!("a"), json!(1), &json!({ "key": 1 }), "key must be a string"),
            (json!("a"), json!(1), &json!({ "key": "k".repeat(513) }), "limited to 512 bytes"),
        ] {
            let wish = json!({ "type": job_type, "input": input, "options": options });
            let answer = rig.device.post(&format!("/xrpc/{}", super::MAKE), &wish).await;
            assert_eq!(answer.status, 500, "{reason}: {answer:?}");
            let body: Value = serde_json::from_str(&answer.text).unwrap();
            assert!(body["message"].as_str().unwrap().contains(reason), "{reason}: {body}");
        }
        assert_eq!(rig.server.admin.get("/admin/jobs").await.expect(200)["jobs"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_jobs_for_nobody() {
    on_each_rig(|rig| async move {
        rig.server.add_status_lexicons().await;
        let body = "function handle() return { id = jobs.create('a', 1), job = job == nil } end";
        rig.script(&format!("xrpc.query:{GET_STATUSES}"), body).await;
        let path = format!("/xrpc/{GET_STATUSES}");
        let refused = rig.server.client.get(&path).await;
        has_status(&refused, 500);
        assert!(refused.text.contains("this one is anonymous"), "{refused:?}");
        let made = rig.device.get(&path).await.expect(200);
        assert!(made["id"].is_string() && made["job"] == true, "{made}");
        drop(rig.server.admin.delete(&format!("/admin/scripts/xrpc.query:{GET_STATUSES}")).await);
        // A record script has nobody it acts for; that of its author least of all.
        let body = "function handle() local ok, e = pcall(jobs.create, 'a', 1) record.ok = ok record.why = e return record end";
        let trigger = format!("record.index:{STATUS}");
        let new = json!({ "id": trigger, "body": body });
        has_status(&rig.server.admin.post("/admin/scripts", &new).await, 201);
        rig.server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/r");
        let here = rig.server.client.get_with(&path, &[("uri", &uri)]).await.expect(200);
        let record = &here["record"];
        assert_eq!(record["ok"], false, "{here}");
        assert!(record["why"].as_str().unwrap().contains("scripts of records and labels act for nobody"), "{here}");
    })
    .await;
}
