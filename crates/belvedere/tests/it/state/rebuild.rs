//! `belvedere state rebuild`, and noticing that it is needed.

use std::time::Duration;

use records::Records;
use serde_json::{Value, json};
use testkit::{Belvedere, TestDatabase, databases};
use tokio::time::sleep;

use super::alone;
use crate::dns;
use crate::fixtures::STATUS;
use crate::place::Place;
use crate::state_of::{schemas, state_of};

#[test]
fn without_a_collection_there_is_nothing_to_rebuild() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create"]);
    for command in ["rebuild", "verify"] {
        let error = place.failure(&["state", command]);
        assert!(
            error.starts_with("error: there is no record lexicon, so nothing is indexed\nhelp: "),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_for_everything_is_written_down() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("status.json", STATUS);
        place.json(&["lexicon", "add", "status.json", "--no-backfill"]);
        let job = place.json(&["state", "rebuild", "--detach"]);
        assert_eq!((&job["cause"], &job["collections"]), (&json!("rebuild"), &json!([])), "{job}");
        let said = place.run(&["state", "rebuild", "--detach"]);
        assert!(said.code == Some(0) && said.stderr.starts_with("note: no server is running"), "{said:?}");
    }
}

/// Status and advice of the doctor's look at the index.
fn examined(place: &Place) -> (Value, Value) {
    let nowhere = "http://127.0.0.1:1";
    let mut command = place.command(&["doctor", "--dev", "--json", "--jetstream-url", "ws://127.0.0.1:1"]);
    command.args(["--plc-url", nowhere, "--relay-url", nowhere, "--dns-server", &dns::start()]);
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let mut checks = report["checks"].as_array().unwrap().iter();
    let line = checks.find(|line| line["check"] == "index").unwrap();
    (line["status"].clone(), line["advice"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_lost_is_noticed() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("status.json", STATUS);
        place.json(&["lexicon", "add", "status.json"]);
        assert_eq!(examined(&place).0, "ok", "a new server has lost nothing");
        set_job(&place, "completed", "another").await;
        let (status, advice) = examined(&place);
        assert_eq!(status, "warn");
        assert!(advice.as_str().unwrap().contains("belvedere state rebuild"), "{advice}");
        let server = Belvedere::start(&alone(&place)).await;
        until(&server, "the index is new").await;
        server.terminate().await;

        let records = Records::new(&place.database.open(&schemas()).await, Vec::new());
        set_job(&place, "running", &records.index_id().await.unwrap()).await;
        assert_eq!(examined(&place).0, "ok", "no job has seen another index");
    }
}

/// Waits until the server says so; it looks into its databases when it is ready.
async fn until(server: &Belvedere, text: &str) {
    for _ in 0..1_000 {
        if server.log().iter().any(|line| line.contains(text)) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{text:?} is not said: {:#?}", server.log());
}

/// Makes the one job of a place one that was carried out on an index with this id.
async fn set_job(place: &Place, status: &'static str, index: &str) {
    let (state, index) = (state_of(place).await, index.to_owned());
    let set = state.write(move |conn| {
        let row = [store::v(status), store::v(&index)];
        conn.execute("UPDATE backfill_jobs SET status = $1, index_id = $2", &row)
    });
    let set: Result<u64, store::Error> = set.await;
    assert_eq!(set.unwrap(), 1);
}
