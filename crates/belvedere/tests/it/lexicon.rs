//! `belvedere lexicon`

use serde_json::json;
use testkit::databases;

use crate::fixtures::{LIST_STATUSES, STATUS};
use crate::place::Place;

#[tokio::test(flavor = "multi_thread")]
async fn files_go_in_and_come_out() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("status.json", STATUS);
        let added = place.json(&["lexicon", "add", "status.json"]);
        assert_eq!(added["failed"], json!([]));
        assert_eq!(added["added"][0]["id"], "xyz.statusphere.status");
        assert_eq!(added["added"][0]["lexicon_type"], "record");
        assert_eq!(added["added"][0]["revision"], 1);
        assert_eq!(added["added"][0]["source"], "status.json");
        let job = added["added"][0]["backfill_job"].as_str().unwrap();
        let jobs = place.json(&["backfill", "list"]);
        assert_eq!((&jobs[0]["id"], &jobs[0]["cause"]), (&json!(job), &json!("lexicon")));
        assert_eq!(jobs[0]["collection"], "xyz.statusphere.status");

        let again = place.json(&["lexicon", "add", "status.json", "--no-backfill"]);
        assert_eq!(again["added"][0]["revision"], 2);
        assert!(again["added"][0].get("backfill_job").is_none(), "{again}");

        let listed = place.json(&["lexicon", "list"]);
        assert_eq!(listed[0]["id"], "xyz.statusphere.status");
        assert_eq!(listed[0]["source"], "manual");
        assert_eq!(listed[0]["backfill"], false);
        assert!(listed[0].get("lexicon_json").is_none());

        let shown = place.json(&["lexicon", "show", "xyz.statusphere.status"]);
        assert_eq!(shown["lexicon_json"]["id"], "xyz.statusphere.status");
        assert_eq!(place.text(&["lexicon", "show", "xyz.statusphere.status"]).trim_end(), STATUS);

        assert_eq!(
            place.json(&["lexicon", "remove", "xyz.statusphere.status"])["removed"][0],
            "xyz.statusphere.status"
        );
        assert_eq!(place.json(&["lexicon", "list"]), json!([]));
        let error = place.failure(&["lexicon", "remove", "xyz.statusphere.status"]);
        assert!(error.starts_with("error: there is no lexicon xyz.statusphere.status\nhelp: "), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_and_standard_input_can_be_added() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("lexicons/status.json", STATUS);
        place.write("lexicons/below/list.json", LIST_STATUSES);
        place.write("lexicons/readme.txt", "not a lexicon");
        let text = place.text(&["lexicon", "add", "lexicons"]);
        let ids: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(ids[..2], ["xyz.statusphere.listStatuses", "xyz.statusphere.status"], "{text}");

        let arguments =
            ["lexicon", "add", "-", "--target-collection", "xyz.statusphere.status", "--token-cost", "3"];
        place.command(&arguments).write_stdin(LIST_STATUSES).assert().success();
        let listed = place.json(&["lexicon", "list"]);
        assert_eq!(listed[0]["target_collection"], "xyz.statusphere.status");
        assert_eq!(listed[0]["token_cost"], 3);
        assert_eq!(listed[0]["revision"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_and_the_rest_is_added() {
    let place = Place::on(testkit::TestDatabase::sqlite());
    place.write("good.json", STATUS);
    place.write("bad.json", "{}");
    place.write("empty/readme.txt", "");
    let outcome = place.run(&["lexicon", "add", "bad.json", "good.json", "--json"]);
    assert_eq!(outcome.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["added"][0]["id"], "xyz.statusphere.status");
    assert_eq!(report["failed"][0]["source"], "bad.json");
    assert!(outcome.stderr.starts_with("error: bad.json: "), "{}", outcome.stderr);

    for (arguments, expected) in [
        (&["nothing here"][..], "nothing here is neither a file or folder nor an NSID"),
        (&["com.example.json"], "com.example.json is neither a file or folder nor an NSID"),
        (&["empty"], "there is no .json file"),
        (&["good.json", "bad.json", "--token-cost", "1"], "are about one lexicon"),
        (&["com.example.thing", "--no-backfill"], "do not apply to lexicons fetched from the network"),
    ] {
        let error = place.failure(&[&["lexicon", "add"], arguments].concat());
        assert!(error.starts_with("error: ") && error.contains(expected), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 2, "{error}");
        assert!(error.lines().nth(1).unwrap().starts_with("help: "), "{error}");
    }
}
