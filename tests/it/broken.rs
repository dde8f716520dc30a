//! One repository that its host fails at: said, listed, never counted as done, and in nobody's way.

use serde_json::{Value, json};
use testkit::TestDatabase;
use testkit::sim::Plan;

use crate::model::{Model, post_collection};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_fails_at_is_listed_on_sqlite() {
    what_a_host_fails_at_is_listed(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_fails_at_is_listed_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        what_a_host_fails_at_is_listed(database).await;
    }
}

async fn what_a_host_fails_at_is_listed(database: TestDatabase) {
    let plan = Plan::normal(8, 2, 10, &[post_collection()], 12);
    let model = Model::start(plan, database, &[]).await;
    let broken: Vec<_> = model.sim.accounts().into_iter().take(3).collect();
    for did in &broken {
        model.sim.set_broken(did, true);
    }
    let server = model.place.start().await;
    let job = model.fetch_everything().await;
    let figures = ["total_repos", "processed_repos", "failed_repos", "total_records"];
    assert_eq!(figures.map(|figure| job[figure].as_i64().unwrap()), [20, 17, 3, 17 * 12], "{job}");
    assert_eq!(job["error"], "3 repositories could not be fetched; they are tried again later");
    model.becomes_equal().await;

    let id = job["id"].as_str().unwrap();
    let failed = model.place.json(&["backfill", "errors", id]);
    for unit in failed.as_array().unwrap() {
        assert_eq!(unit["pds_endpoint"], model.sim.host(0).origin().ascii_serialization());
        assert!(unit["reason"].as_str().unwrap().contains("500"), "{unit}");
    }
    let mut expected: Vec<_> = broken.iter().map(|did| json!(did)).collect();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(dids(&failed), expected);
    // Page by page, as many as one likes.
    let first = dids(&model.place.json(&["backfill", "errors", id, "--limit", "2"]));
    let last = first[1].as_str().unwrap();
    let second = dids(&model.place.json(&["backfill", "errors", id, "--limit", "2", "--after", last]));
    assert_eq!([first, second].concat(), expected);

    for did in &broken {
        model.sim.set_broken(did, false);
    }
    model.place.json(&["backfill", "retry", id]);
    let is_done = |job: &Value| job["status"] == "completed" && job["failed_repos"] == 0;
    let job = model.until(id, "nothing has failed", is_done).await;
    assert_eq!((&job["processed_repos"], &job["error"]), (&json!(20), &Value::Null), "{job}");
    assert_eq!(model.place.json(&["backfill", "errors", id]), json!([]));
    model.becomes_equal().await;
    server.terminate().await;
}

fn dids(failed: &Value) -> Vec<Value> {
    failed.as_array().unwrap().iter().map(|unit| unit["did"].clone()).collect()
}
