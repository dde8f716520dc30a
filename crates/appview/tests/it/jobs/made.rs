//! In whose name a job works, and with what.

use serde_json::{Value, json};
use store::v;

use super::on_each_rig;
use crate::fake_pds::MALLORY;
use crate::harness::has_status;

const SAVES: &str = "function handle() return Record('com.example.status', { status = 'x' }):save()._uri end";
const CREATE_RECORD: &str = "/xrpc/com.atproto.repo.createRecord";

#[tokio::test(flavor = "multi_thread")]
async fn only_a_job_that_was_made_so_writes_for_its_creator() {
    on_each_rig(|rig| async move {
        rig.server.add_status_lexicons().await;
        rig.script("job.run:saves", SAVES).await;
        let auth = json!({ "auth": true });
        let id = rig.make("saves", json!(1)).await;
        let failed = rig.becomes(&id, "failed").await;
        assert!(failed["error"].as_str().unwrap().contains("auth = true"), "{failed}");
        for body in ["Record.save_all({})", "Record('com.example.status', { status = 'x' }):save()"] {
            let body = format!(
                "function handle() local ok, e = pcall(function() {body} end) return {{ ok = ok, e = e }} end"
            );
            let id = rig.run("tries", &body).await;
            let tried = rig.becomes(&id, "completed").await;
            assert!(
                tried["result"]["ok"] == true || tried["result"]["e"].as_str().unwrap().contains("session"),
                "{tried}"
            );
        }
        assert!(rig.fake.asked(CREATE_RECORD).is_empty(), "the PDS has not heard of it");
        // With the session of the device, the PDS is asked.
        let id = rig.wish("saves", &json!(1), &auth).await.unwrap();
        let failed = rig.becomes(&id, "failed").await;
        assert_eq!(failed["inherit_auth"], true);
        assert!(!rig.fake.asked(CREATE_RECORD).is_empty(), "{failed}");
        // A job passes on what it has, and no more.
        let passes = "function handle() return jobs.create('saves', 1, { auth = true }) end";
        rig.script("job.run:passes", passes).await;
        for (options, error) in [(&json!({}), "has no session with their PDS"), (&auth, "PDS")] {
            let id = rig.wish("passes", &json!(1), options).await.unwrap();
            let made = rig.becomes(&id, "completed").await["result"].as_str().unwrap().to_owned();
            let failed = rig.becomes(&made, "failed").await;
            assert!(failed["error"].as_str().unwrap().contains(error), "{failed}");
            assert_eq!(failed["created_by"], MALLORY);
        }
        let asked = rig.fake.asked(CREATE_RECORD).len();
        // One that has ended meanwhile is no session.
        let later = json!({ "auth": true, "delay": 1 });
        let id = rig.wish("saves", &json!(1), &later).await.unwrap();
        let ended = rig
            .server
            .store
            .state
            .write(|conn| conn.execute("DELETE FROM pds_sessions WHERE did = $1", &[v(MALLORY)]));
        let ended: Result<u64, store::Error> = ended.await;
        assert_eq!(ended.unwrap(), 1);
        let failed = rig.becomes(&id, "failed").await;
        assert!(failed["error"].as_str().unwrap().contains("has ended"), "{failed}");
        assert_eq!(rig.fake.asked(CREATE_RECORD).len(), asked);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_one_job_of_many_wishes() {
    on_each_rig(|rig| async move {
        rig.script("job.run:once", "function handle() return job.input end").await;
        let key = json!({ "key": "k" });
        let first = rig.wish("once", &json!(1), &key).await.unwrap();
        assert_eq!(rig.wish("once", &json!(2), &key).await.unwrap(), first);
        assert_ne!(rig.wish("other", &json!(2), &key).await.unwrap(), first);
        assert_eq!(rig.becomes(&first, "completed").await["result"], 1);
        let at = json!({ "run_at": "2020-01-31T12:00:00+01:00" });
        let id = rig.wish("once", &json!(3), &at).await.unwrap();
        assert_eq!(rig.job(&id).await["run_at"], "2020-01-31T11:00:00.000Z");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_paged() {
    on_each_rig(|rig| async move {
        let soon = json!({ "delay": 3600 });
        let mut ids = Vec::new();
        for job_type in ["a", "b", "a", "a"] {
            ids.push(rig.wish(job_type, &json!(1), &soon).await.unwrap());
        }
        rig.tell(&ids[0], "cancel").await;
        let list = async |query: &str| {
            let page = rig.server.admin.get(&format!("/admin/jobs{query}")).await.expect(200);
            let listed =
                page["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap().to_owned());
            (listed.collect::<Vec<_>>(), page["cursor"].clone())
        };
        let own = |numbers: &[usize]| numbers.iter().map(|number| ids[*number].clone()).collect::<Vec<_>>();
        assert_eq!(list("").await, (own(&[3, 2, 1, 0]), Value::Null));
        assert_eq!(list("?job_type=b").await.0, own(&[1]));
        assert_eq!(list("?status=cancelled").await.0, own(&[0]));
        assert_eq!(list("?status=pending&job_type=a").await.0, own(&[3, 2]));
        let (page, cursor) = list("?job_type=a&limit=2").await;
        assert_eq!(page, own(&[3, 2]));
        assert_eq!(list(&format!("?job_type=a&cursor={}", cursor.as_str().unwrap())).await.0, own(&[0]));
        for bad in ["?status=done", "?job_type=A", "?cursor=x", "?limit=x"] {
            has_status(&rig.server.admin.get(&format!("/admin/jobs{bad}")).await, 400);
        }
        has_status(&rig.server.admin.get(&format!("/admin/jobs/{}/logs?cursor=x", ids[0])).await, 400);
        for path in ["/admin/jobs/none", "/admin/jobs/none/logs"] {
            has_status(&rig.server.admin.get(path).await, 404);
        }
        for what in ["cancel", "pause", "resume", "retry"] {
            has_status(&rig.server.admin.post(&format!("/admin/jobs/none/{what}"), &json!({})).await, 404);
        }
    })
    .await;
}
