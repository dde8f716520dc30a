//! Methods that a job calls: as whom, and as nobody.

use appview::NewLexicon;
use serde_json::{Value, json};
use store::v;

use super::{Rig, on_each_rig};
use crate::fake_pds::MALLORY;
use crate::harness::{GET_STATUSES, STATUS, procedure_lexicon, query_lexicon};

const CREATE: &str = "com.example.createStatus";
const CREATE_RECORD: &str = "/xrpc/com.atproto.repo.createRecord";

/// What the job does whose input says what to call.
const CALLS: &str = "function handle()
    local ok, answer = pcall(xrpc[job.input.kind], job.input.method, job.input.input)
    if ok then return answer else return { error = tostring(answer) } end
end";

impl Rig {
    async fn with_methods(&self) {
        self.server.add_status_lexicons().await;
        let lexicon = NewLexicon::new(procedure_lexicon(CREATE).to_string());
        self.server.add(NewLexicon { target_collection: Some(STATUS.to_owned()), ..lexicon }).await;
        self.script("job.run:calls", CALLS).await;
        self.fake.says(CREATE_RECORD, 403, &json!({ "error": "Forbidden", "message": "by the PDS" }));
    }

    /// A method that says who calls it.
    async fn with_scripts(&self) {
        let who = |more: &str| format!("function handle() {more} return caller_did or 'nobody' end");
        for (lexicon, trigger, body) in [
            (query_lexicon("com.example.who"), "xrpc.query:com.example.who", who("")),
            (
                procedure_lexicon("com.example.save"),
                "xrpc.procedure:com.example.save",
                who("Record('com.example.status', { status = 'x' }):save()"),
            ),
        ] {
            self.server.add(NewLexicon::new(lexicon.to_string())).await;
            self.script(trigger, &body).await;
        }
    }

    /// What a job is answered that calls this.
    async fn answered(&self, input: Value, options: Value) -> Value {
        let id = self.wish("calls", &input, &options).await.unwrap();
        self.becomes(&id, "completed").await["result"].clone()
    }

    fn writes(&self) -> usize {
        self.fake.asked(CREATE_RECORD).len()
    }
}

fn procedure(method: &str, input: &Value) -> Value {
    json!({ "kind": "procedure", "method": method, "input": input })
}

fn auth() -> Value {
    json!({ "auth": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_procedure_is_called_as_the_creator_of_a_job_that_was_made_so() {
    on_each_rig(|rig| async move {
        rig.with_methods().await;
        let call = || procedure(CREATE, &json!({ "status": "mine" }));
        let refused = rig.answered(call(), json!({})).await;
        assert!(refused["error"].as_str().unwrap().contains("auth = true"), "{refused}");
        assert_eq!(rig.writes(), 0, "the PDS has not heard of it");

        // What the PDS says is the answer, as it would be to the creator.
        let answer = rig.answered(call(), auth()).await;
        assert_eq!((&answer["status"], rig.writes()), (&json!(403), 1), "{answer}");
        assert!(answer["body"].as_str().unwrap().contains("by the PDS"), "{answer}");
        let cid = {
            use atproto::data::{Limits, record};
            let record = json!({ "$type": STATUS, "status": "mine" }).to_string();
            record::inspect(record.as_bytes(), &Limits::default()).unwrap().cid.unwrap().to_string()
        };
        let written = json!({ "uri": format!("at://{MALLORY}/{STATUS}/r"), "cid": cid });
        rig.fake.says(CREATE_RECORD, 200, &written);
        let answer = rig.answered(call(), auth()).await;
        assert_eq!(answer["status"], 200, "{answer}");
        let listed = rig.server.client.get(&format!("/xrpc/{GET_STATUSES}")).await.expect(200);
        assert_eq!(listed["records"][0]["uri"], written["uri"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_a_job_calls_act_for_its_creator_too() {
    on_each_rig(|rig| async move {
        rig.with_methods().await;
        rig.with_scripts().await;
        let who = json!({ "kind": "query", "method": "com.example.who" });
        assert_eq!(rig.answered(who.clone(), json!({})).await["body"], "\"nobody\"");
        assert_eq!(rig.answered(who, auth()).await["body"], format!("{MALLORY:?}"));
        let save = procedure("com.example.save", &json!({}));
        assert!(rig.answered(save.clone(), json!({})).await["error"].is_string());
        assert_eq!(rig.writes(), 0);
        drop(rig.answered(save, auth()).await);
        assert_eq!(rig.writes(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_writes_to_no_account_that_is_shared_with_its_creator() {
    on_each_rig(|rig| async move {
        rig.with_methods().await;
        rig.with_scripts().await;
        let link =
            rig.device.post("/xrpc/dev.happyview.delegation.linkAccount", &json!({ "did": MALLORY })).await;
        assert_eq!(link.status, 201, "{}", link.text);
        let shared = json!({ "status": "x", "delegateDid": MALLORY });
        let direct = rig.device.post(&format!("/xrpc/{CREATE}"), &shared).await;
        assert!(direct.text.contains("by the PDS") && rig.writes() == 1, "the creator may: {}", direct.text);
        for method in [CREATE, "com.example.save"] {
            let answer = rig.answered(procedure(method, &shared), auth()).await;
            assert_eq!(answer["status"], 403, "{answer}");
            assert!(answer["body"].as_str().unwrap().contains("of its creator only"), "{answer}");
        }
        for method in ["dev.happyview.delegation.linkAccount", "com.atproto.repo.uploadBlob"] {
            let answer = rig.answered(procedure(method, &json!({ "did": MALLORY })), auth()).await;
            assert!(answer["body"].as_str().unwrap().contains("is not for scripts"), "{answer}");
        }
        assert_eq!(rig.writes(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_called_with_a_session_that_has_ended() {
    on_each_rig(|rig| async move {
        rig.with_methods().await;
        let until_refused = "function handle()
            local answer
            repeat
                answer = xrpc.procedure('com.example.createStatus', { status = 'x' })
                job.progress{ status = answer.status }
                job.wait(0.02)
            until answer.status == 401 or job.should_stop()
            return answer
        end";
        rig.script("job.run:again", until_refused).await;
        let id = rig.wish("again", &json!(1), &auth()).await.unwrap();
        rig.until(&id, "at work", |job| job["progress"]["status"] == 403).await;
        let ended = rig
            .server
            .store
            .state
            .write(|conn| conn.execute("DELETE FROM pds_sessions WHERE did = $1", &[v(MALLORY)]));
        let ended: Result<u64, store::Error> = ended.await;
        assert_eq!(ended.unwrap(), 1);
        assert_eq!(rig.becomes(&id, "completed").await["result"]["status"], 401);
    })
    .await;
}
