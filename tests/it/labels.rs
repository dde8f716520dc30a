//! A labeler is listened to: through restarts and kill -9, new keys and forgeries.

use atproto::RecordKey;
use atproto::crypto::PrivateKey;
use serde_json::{Value, json};
use testkit::labeler::{Labeler, Spoken, labels, say};
use testkit::sim::Plan;
use testkit::{Belvedere, TestDatabase};

use crate::model::{Model, post_collection};
use crate::samples::{POST, list_of, post};
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_labeler_is_heard_on_sqlite() {
    a_labeler_is_heard(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_labeler_is_heard_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        a_labeler_is_heard(database).await;
    }
}

async fn a_labeler_is_heard(database: TestDatabase) {
    let model = Model::start(Plan::normal(15, 1, 2, &[], 0), database, &[]).await;
    let labeler = model.sim.labeler("mod").await;
    let did = labeler.did.as_str();
    model.place.json(&["labeler", "add", did]);
    let server = model.place.start().await;
    let author = model.sim.accounts().remove(0);
    let rkey = RecordKey::parse("one").unwrap();
    let uri = format!("at://{author}/{POST}/one");
    until("the post is here", PATIENCE, async || {
        model.sim.write(&author, &post_collection(), &rkey, post("hello"));
        model.records().await.contains_key(&uri).then_some(())
    })
    .await;
    let word = |val: &str| say(did, &uri, val);

    labeler.say(&[word("spam"), word("rude"), word("over").until("2026-01-01T00:00:01Z")]);
    carries(&server, &labeler, &uri, &["rude", "spam"]).await;

    // Killed while it reads, it goes on where it was, and misses nothing that was said meanwhile.
    labeler.say(&[word("first")]);
    server.kill();
    labeler.say(&[word("second"), word("rude").negated().at(1)]);
    let server = model.place.start().await;
    carries(&server, &labeler, &uri, &["first", "second", "spam"]).await;

    // With a new key it is believed, and with the old one no more.
    let old = labeler.key();
    labeler.sign_with(Some(PrivateKey::generate_p256()));
    labeler.publish();
    labeler.say(&[word("new-key")]);
    carries(&server, &labeler, &uri, &["first", "new-key", "second", "spam"]).await;
    let forged: Vec<Spoken> = vec![word("forged")];
    let number = u64::try_from(labeler.say(&[word("after")])).unwrap() + 1;
    labeler.send(labels(number, &forged, old.as_ref()));
    labeler.say(&[word("last")]);
    carries(&server, &labeler, &uri, &["after", "first", "last", "new-key", "second", "spam"]).await;

    let doctor = model.place.run(&["doctor", "--json"]);
    let report: Value = serde_json::from_str(&doctor.stdout).unwrap();
    let found = report["checks"].as_array().unwrap().iter().find(|line| line["check"] == "labelers").unwrap();
    assert_eq!(found["status"], "ok", "{found}");

    model.place.json(&["labeler", "remove", did]);
    let admin = model.place.admin(&server);
    assert_eq!(admin.get("/admin/labelers").await.expect(200), json!([]));
    let page = admin.get(&format!("/admin/records?collection={POST}")).await.expect(200);
    assert!(page["records"].as_array().unwrap().iter().all(|record| record["labels"] == json!([])), "{page}");
    server.terminate().await;
}

/// Waits until a list carries exactly these values of a record.
async fn carries(server: &Belvedere, labeler: &Labeler, uri: &str, vals: &[&str]) {
    let client = server.client.with_header("atproto-accept-labelers", labeler.did.as_str());
    let path = format!("/xrpc/{}", list_of(POST));
    until(&format!("it is called {vals:?}"), PATIENCE, async || {
        let page = client.get(&path).await.expect(200);
        let record = page["records"].as_array()?.iter().find(|record| record["uri"] == uri)?.clone();
        let said = record["_labels"].as_array().unwrap().iter();
        let said: Vec<&str> = said.map(|label| label["val"].as_str().unwrap()).collect();
        (said == vals).then_some(())
    })
    .await;
}
