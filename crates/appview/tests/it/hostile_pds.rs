//! Procedures of somebody whose PDS answers what it likes.

use appview::NewLexicon;
use serde_json::{Value, json};

use crate::fake_pds::{FakePds, MALLORY};
use crate::harness::{BOB, STATUS, procedure_lexicon, schemas};
use crate::people::call;

const CREATE: &str = "com.example.createStatus";
const CREATE_RECORD: &str = "/xrpc/com.atproto.repo.createRecord";

/// Of `{"$type":"com.example.status","status":"mine"}`.
fn cid() -> String {
    use atproto::data::{Limits, record};

    let record = json!({ "$type": STATUS, "status": "mine" }).to_string();
    record::inspect(record.as_bytes(), &Limits::default()).unwrap().cid.unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn its_answers_are_passed_on_and_not_believed() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let fake = FakePds::start().await;
        let (server, mallory) = fake.meet(store).await;
        server.add_status_lexicons().await;
        let lexicon = NewLexicon::new(procedure_lexicon(CREATE).to_string());
        server.add(NewLexicon { target_collection: Some(STATUS.to_owned()), ..lexicon }).await;
        let create = async || call(&mallory, CREATE, &json!({ "status": "mine" })).await;

        let answer = |did: &str, collection: &str, cid: &str| json!({ "uri": format!("at://{did}/{collection}/r"), "cid": cid });
        let other = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a";
        for lie in [
            answer(BOB, STATUS, &cid()),
            answer(MALLORY, "com.example.secret", &cid()),
            answer(MALLORY, STATUS, other),
            answer(MALLORY, STATUS, "cid"),
            json!({ "uri": "x".repeat(1 << 20) }),
        ] {
            fake.says(CREATE_RECORD, 200, &lie);
            assert_eq!(create().await.expect(200), lie);
        }
        for did in [BOB, MALLORY] {
            let listed = server.client.get(&format!("/xrpc/com.example.getStatuses?did={did}")).await;
            assert_eq!(listed.expect(200), json!({ "records": [] }));
        }
        assert_eq!(server.records.counts().await.unwrap().iter().map(|count| count.records).sum::<i64>(), 0);

        let refusal = json!({ "error": "InvalidSwap", "message": "no" });
        fake.says(CREATE_RECORD, 409, &refusal);
        let refused = create().await;
        assert_eq!(refused.expect(409), refusal);
        assert_eq!(refused.header("x-secret"), "", "only its type and body go along");
        fake.says_as(CREATE_RECORD, 200, "text/html", "<script>");
        let page = create().await;
        assert_eq!((page.header("content-type"), &*page.text), ("text/html", "<script>"));
        assert_eq!(page.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        fake.says(CREATE_RECORD, 302, &Value::Null);
        assert_eq!(create().await.expect(502), json!({ "error": "your PDS answered 302 Found" }));

        fake.says(CREATE_RECORD, 200, &answer(MALLORY, STATUS, &cid()));
        drop(create().await.expect(200));
        let listed = server.client.get("/xrpc/com.example.getStatuses").await.expect(200);
        assert_eq!(listed["records"][0]["uri"], format!("at://{MALLORY}/{STATUS}/r"));
    })
    .await;
}
