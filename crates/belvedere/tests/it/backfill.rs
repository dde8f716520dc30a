//! `belvedere backfill`

use serde_json::{Value, json};
use testkit::{TestDatabase, databases};

use crate::fixtures::STATUS;
use crate::place::{Outcome, Place};

const COLLECTION: &str = "xyz.statusphere.status";
const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// A place with a collection, and no server.
fn prepared(database: TestDatabase) -> Place {
    let place = Place::on(database);
    place.write("status.json", STATUS);
    place.json(&["lexicon", "add", "status.json", "--no-backfill"]);
    place
}

fn id(job: &Value) -> &str {
    job["id"].as_str().unwrap()
}

fn says_that_nobody_is_there(outcome: &Outcome) {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.starts_with("note: no server is running on these databases"), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_written_down_for_a_server() {
    for database in databases().await {
        let place = prepared(database);
        assert!(place.text(&["backfill", "list"]).starts_with("no jobs; start one"));
        says_that_nobody_is_there(&place.run(&["backfill", "start"]));
        let one =
            place.json(&["backfill", "start", COLLECTION, "--repo", ALICE, "--mode", "pages", "--verified"]);
        let fields = ["collection", "did", "scope", "mode", "verified", "cause", "status", "created_by"];
        let expected = json!([COLLECTION, ALICE, "dids", "pages", true, "manual", "pending", null]);
        assert_eq!(json!(fields.map(|field| one[field].clone())), expected);
        assert_eq!(place.json(&["backfill", "show", id(&one)]), one);
        let listed = place.json(&["backfill", "list"]);
        assert_eq!((listed.as_array().unwrap().len(), &listed[0]), (2, &one), "the newest first");
        let text = place.text(&["backfill", "list"]);
        assert!(text.contains(&format!("{COLLECTION} of {ALICE}")) && text.contains("everything"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_paused_resumed_and_cancelled() {
    for database in databases().await {
        let place = prepared(database);
        let job = place.json(&["backfill", "start"]);
        let id = id(&job);
        assert_eq!(place.json(&["backfill", "pause", id])["status"], "paused");
        let watched = place.run(&["backfill", "watch"]);
        assert!(
            watched.code == Some(0) && watched.stderr.contains("belvedere backfill resume"),
            "{watched:?}"
        );
        says_that_nobody_is_there(&place.run(&["backfill", "resume", id]));
        let error = place.failure(&["backfill", "resume", id]);
        assert!(error.starts_with("error: a job that is running cannot be resumed\nhelp: "), "{error}");
        place.json(&["backfill", "pause", id]);
        assert_eq!(
            place.json(&["backfill", "cancel", id])["status"],
            "cancelling",
            "a server has to stop first"
        );
        let other = place.json(&["backfill", "start"]);
        assert_eq!(place.json(&["backfill", "cancel", self::id(&other)])["status"], "cancelled");
        assert_eq!(place.json(&["backfill", "errors", self::id(&other)]), json!([]));
        let counts = json!({ "quarantined": 0, "failed": 0, "retrying": 0, "absent": 0 });
        let nothing = json!({ "counts": counts, "missing": [], "cursor": null });
        assert_eq!(place.json(&["backfill", "missing", "--state", "retrying"]), nothing);
        assert_eq!(place.text(&["backfill", "missing"]), "none\n");
        let error = place.failure(&["backfill", "retry", self::id(&other)]);
        assert!(error.starts_with("error: a job that is cancelled cannot be tried again\nhelp: "), "{error}");
    }
}

#[test]
fn what_is_wrong_is_said_with_a_way_out() {
    let place = prepared(TestDatabase::sqlite());
    for (arguments, expected) in [
        (&["start", "com.example.unknown"][..], "there is no record lexicon com.example.unknown"),
        (&["watch"], "there is no job"),
        (&["show", "nothing"], "there is no backfill job nothing"),
        (&["pause", "nothing"], "there is no backfill job nothing"),
        (&["errors", "nothing"], "there is no backfill job nothing"),
    ] {
        let error = place.failure(&[&["backfill"], arguments].concat());
        assert!(error.starts_with(&format!("error: {expected}")), "{arguments:?}: {error}");
        assert!(error.lines().nth(1).unwrap().starts_with("help: "), "{error}");
    }
    for arguments in [
        &["start", "not an nsid"][..],
        &["start", "--mode", "quickly"],
        &["errors", "x", "--limit", "0"],
        &["missing", "--after", "x"],
    ] {
        assert_eq!(place.run(&[&["backfill"], arguments].concat()).code, Some(2), "{arguments:?}");
    }
    place.json(&["lexicon", "remove", COLLECTION]);
    let error = place.failure(&["backfill", "start"]);
    assert!(
        error.starts_with("error: there is no record lexicon, so there is nothing to fetch\nhelp: "),
        "{error}"
    );
    let nowhere = Place::on(TestDatabase::sqlite()).failure(&["backfill", "list"]);
    assert!(nowhere.starts_with("error: there is no database"), "{nowhere}");
}
