//! `belvedere job`

use atproto::Did;
use events::EventLog;
use jobs::{Jobs, NewJob};
use serde_json::json;
use testkit::{TestDatabase, databases};

use crate::fixtures::STATUS;
use crate::place::Place;
use crate::state_of::schemas;

const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// A place with databases, and no server.
fn prepared(database: TestDatabase) -> Place {
    let place = Place::on(database);
    place.write("status.json", STATUS);
    place.json(&["lexicon", "add", "status.json", "--no-backfill"]);
    place
}

/// Makes a job, as scripts do; its id.
async fn make(place: &Place, job_type: &str) -> String {
    let store = place.database.open(&schemas()).await;
    let (log, _writer) = EventLog::open(&store.state, None);
    let new = NewJob::new(job_type.parse().unwrap(), r#"{"x":1}"#.to_owned(), Did::parse(ALICE).unwrap());
    Jobs::open(&store, log).create(new).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_seen_and_told_what_to_do() {
    for database in databases().await {
        let place = prepared(database);
        assert!(place.text(&["job", "list"]).starts_with("no jobs; scripts make them"));
        let (one, two) = (make(&place, "notify").await, make(&place, "tidy").await);
        let shown = place.json(&["job", "show", &one]);
        let fields = ["job_type", "status", "input", "result", "created_by", "inherit_auth"];
        let expected = json!(["notify", "pending", { "x": 1 }, null, ALICE, false]);
        assert_eq!(json!(fields.map(|field| shown[field].clone())), expected);
        assert_eq!(place.json(&["job", "list", "--type", "notify"]), json!([shown]));
        assert_eq!(place.json(&["job", "list", "--limit", "1"])[0]["id"], two, "the newest first");
        assert_eq!(place.json(&["job", "list", "--after", &two])[0]["id"], one);
        assert!(place.text(&["job", "list"]).contains("tidy"));
        assert!(place.text(&["job", "show", &one]).contains("notify"));
        assert_eq!(place.json(&["job", "logs", &one]), json!([]));
        assert!(
            place
                .failure(&["job", "pause", &one])
                .starts_with("error: a job that is pending cannot be paused")
        );
        assert_eq!(place.json(&["job", "cancel", &one])["status"], "cancelled");
        let again = place.run(&["job", "retry", &one]);
        assert!(again.code == Some(0) && again.stderr.starts_with("note: no server is running"), "{again:?}");
        assert_eq!(place.json(&["job", "list", "--status", "pending"]).as_array().unwrap().len(), 2);
        let error = place.failure(&["job", "resume", &one]);
        assert!(error.starts_with("error: a job that is pending cannot be resumed\nhelp: "), "{error}");
    }
}

#[test]
fn what_is_wrong_is_said_with_a_way_out() {
    let place = prepared(TestDatabase::sqlite());
    for what in ["show", "logs", "cancel", "pause", "resume", "retry"] {
        let error = place.failure(&["job", what, "nothing"]);
        assert!(error.starts_with("error: there is no job nothing\nhelp: `belvedere job list`"), "{error}");
    }
    for (arguments, expected) in [
        (["list", "--status", "done"], "unknown status \"done\"; there are: pending"),
        (["list", "--type", "Bad"], "job type \"Bad\": use"),
        (["list", "--after", "x"], "malformed cursor"),
    ] {
        let error = place.failure(&[&["job"], &arguments[..]].concat());
        assert!(error.starts_with(&format!("error: {expected}")), "{error}");
    }
    assert_eq!(place.run(&["job", "list", "--limit", "0"]).code, Some(2));
    let nowhere = Place::on(TestDatabase::sqlite()).failure(&["job", "list"]);
    assert!(nowhere.starts_with("error: there is no database"), "{nowhere}");
}
