//! What scripts save here outlives the index.

use std::collections::BTreeMap;

use atproto::RecordKey;
use serde_json::{Value, json};
use testkit::TestDatabase;
use testkit::sim::Plan;

use crate::history::lose_the_index;
use crate::model::{Model, post_collection};
use crate::samples::{POST, list_of, post};
use crate::wait::{PATIENCE, until};

const SERVICE: &str = "did:web:service.invalid";

#[tokio::test(flavor = "multi_thread")]
async fn outlives_the_index_on_sqlite() {
    outlives_the_index(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outlives_the_index_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        outlives_the_index(database).await;
    }
}

async fn outlives_the_index(database: TestDatabase) {
    let model = Model::start(Plan::normal(21, 1, 3, &[], 0), database, &[]).await;
    let server = model.place.start().await;
    let author = model.sim.accounts().remove(0);
    let uri = |key: &str| format!("at://{author}/{POST}/{key}");
    let mut wrote = 0;
    until("the stream is followed", PATIENCE, async || {
        wrote += 1;
        for key in ["kept", "newer"] {
            let text = format!("theirs {wrote}");
            model.sim.write(&author, &post_collection(), &RecordKey::parse(key).unwrap(), post(&text));
        }
        (model.records().await.contains_key(&uri("newer"))).then_some(())
    })
    .await;
    model.becomes_equal().await;
    let script = format!(
        "function handle()
           for i, uri in ipairs{{ '{}', '{}' }} do
             local r = Record.load(uri) r.text = 'noted' r:save_local()
           end
           local now = Record.load('{}').createdAt
           Record('{POST}', {{ text = 'by itself', createdAt = now }}):set_repo('{SERVICE}'):set_rkey('3kaaaaaaaaa2a')
             :save_local()
           return {{ saved = true }}
         end",
        uri("kept"),
        uri("newer"),
        uri("kept")
    );
    let query = list_of(POST);
    let added = model.place.run_with_input(&["script", "add", &format!("xrpc.query:{query}"), "-"], &script);
    assert_eq!(added.code, Some(0), "{added:?}");
    until("the script has saved", PATIENCE, async || {
        let answer = server.client.get(&format!("/xrpc/{query}")).await;
        (answer.status == 200 && answer.json()["saved"] == true).then_some(())
    })
    .await;
    let alone = format!("at://{SERVICE}/{POST}/3kaaaaaaaaa2a");
    let texts = |here: &BTreeMap<String, Value>| {
        [uri("kept"), uri("newer"), alone.clone()].map(|uri| here[&uri]["text"].as_str().unwrap().to_owned())
    };
    assert_eq!(texts(&model.records().await), ["noted", "noted", "by itself"]);
    // While nobody looks, one of them changes at its source.
    server.terminate().await;
    model.sim.write(&author, &post_collection(), &RecordKey::parse("newer").unwrap(), post("edited"));
    lose_the_index(&model.place).await;
    let server = model.place.start().await;
    assert_eq!(model.records().await[&alone]["text"], "by itself", "before anything is fetched");
    let rebuilt = model.place.json(&["state", "rebuild"]);
    assert_eq!(rebuilt["status"], "completed", "{rebuilt}");
    assert_eq!(texts(&model.records().await), ["noted", "edited", "by itself"]);
    let verified = model.place.json(&["state", "verify", "--all"]);
    assert_eq!((&verified["differences"], &verified["unreachable"]), (&json!([]), &json!([])), "{verified}");
    server.terminate().await;
}
