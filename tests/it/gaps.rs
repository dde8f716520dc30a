//! What the stream no longer had when the server came back is known to be missing, and fetched from the repositories.

use std::time::Duration;

use atproto::{Did, RecordKey};
use records::Records;
use serde_json::Value;
use testkit::sim::Plan;
use testkit::{Belvedere, TestDatabase};

use crate::model::{Model, post_collection};
use crate::samples::post;
use crate::wait::{PATIENCE, until};

const LIST_RECORDS: &str = "com.atproto.repo.listRecords";

#[tokio::test(flavor = "multi_thread")]
async fn are_found_and_closed_on_sqlite() {
    are_found_and_closed(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_found_and_closed_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        are_found_and_closed(database).await;
    }
}

async fn are_found_and_closed(database: TestDatabase) {
    // Host 1 has nobody who writes.
    let plan = Plan::normal(10, 2, 4, &[post_collection()], 10);
    let model = Model::start(plan, database, &[("BACKFILL_MODE", "pages")]).await;
    let authors: Vec<Did> = model.sim.accounts().into_iter().take(4).collect();
    let server = model.place.start().await;
    assert_eq!(model.fetch_everything().await["total_records"], 8 * 10);
    write(&model, &authors, "heard");
    model.becomes_equal().await;
    assert_eq!(missed(&model), ["nothing of the stream is missing"]);
    server.terminate().await;

    write(&model, &authors, "missed");
    model.sim.jump(Duration::from_mins(1));
    model.sim.lose_events(0..model.sim.stream_end() + 1);
    model.sim.forget_requests();
    // The stream goes on with something newer than all that was lost.
    model.sim.write(&authors[0], &post_collection(), &RecordKey::parse("after").unwrap(), post("after"));

    // First as somebody who wants to look at it before.
    let patient = model.place.options.clone().with("BACKFILL_REPAIR_GAPS", "false");
    let server = Belvedere::start(&patient).await;
    let records = Records::new(&model.place.store().await, Vec::new());
    let gap = until("the gap is found", PATIENCE, async || records.gaps().await.unwrap().pop()).await.0;
    assert_eq!(gap.repaired_at, None);
    assert!(missed(&model)[0].starts_with("1 gaps, the newest in jetstream from "), "{:?}", missed(&model));
    assert_eq!(gap_jobs(&model), [] as [Value; 0]);
    server.terminate().await;

    let server = model.place.start().await;
    let job = until("it is being repaired", PATIENCE, async || gap_jobs(&model).pop()).await.0;
    let id = job["id"].as_str().unwrap();
    let job = model.until(id, "the job ends", |job| job["status"] == "completed").await;
    assert_eq!((&job["error"], &job["failed_repos"]), (&Value::Null, &Value::from(0)), "{job}");
    model.becomes_equal().await;
    assert_eq!(missed(&model), ["nothing of the stream is missing"]);
    let [repaired] = &records.gaps().await.unwrap()[..] else { panic!("one gap") };
    assert!(repaired.id == gap.id && repaired.repaired_at > Some(gap.found_at), "{repaired:?}");
    let shown = model.place.json(&["state"])["gaps"][0].take();
    assert_eq!(
        (&shown["source"], shown["repaired_at"].is_string()),
        (&Value::from("jetstream"), true),
        "{shown}"
    );
    assert_eq!(gap_jobs(&model).len(), 1);
    // Repositories that have not changed since are not read again.
    let requests = model.sim.requests();
    assert!(requests.of_at(LIST_RECORDS, 0) > 0, "{requests:?}");
    assert_eq!(requests.of_at(LIST_RECORDS, 1), 0, "{requests:?}");
    server.terminate().await;
}

/// Of each account: a new record, a changed one, one less.
fn write(model: &Model, authors: &[Did], text: &str) {
    let collection = post_collection();
    for author in authors {
        let written: Vec<_> = model.sim.served(author).into_keys().collect();
        let key = |uri: &String| RecordKey::parse(uri.rsplit('/').next().unwrap()).unwrap();
        model.sim.write(author, &collection, &RecordKey::parse(text).unwrap(), post(text));
        model.sim.write(author, &collection, &key(&written[0]), post(text));
        model.sim.delete(author, &collection, &key(&written[1]));
    }
}

/// What is said of the stream's gaps to people.
fn missed(model: &Model) -> Vec<String> {
    let report = model.place.json(&["doctor"]);
    let details = report["checks"].as_array().unwrap().iter().map(|check| check["detail"].as_str().unwrap());
    details
        .filter(|detail| detail.contains("gaps") || detail.contains("missing"))
        .map(str::to_owned)
        .collect()
}

fn gap_jobs(model: &Model) -> Vec<Value> {
    let jobs = model.place.json(&["backfill", "list"]);
    jobs.as_array().unwrap().iter().filter(|job| job["cause"] == "gap").cloned().collect()
}
