//! `belvedere state verify`

use atproto::Nsid;
use serde_json::{Value, json};
use testkit::sim::{Plan, Sim};
use testkit::{Belvedere, BelvedereOptions, TestDatabase, databases};

use super::data_dir;
use crate::fixtures::STATUS;
use crate::place::{Outcome, Place, outcome};
use crate::state_of::schemas;

const COLLECTION: &str = "xyz.statusphere.status";

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let place = Place::on(TestDatabase::sqlite());
    place.write("status.json", STATUS);
    place.json(&["lexicon", "add", "status.json"]);
    for arguments in [&["--all", "--sample", "3"][..], &["--sample", "x"], &["--collection", "not an nsid"]] {
        let refused = place.run(&[&["state", "verify"], arguments].concat());
        assert_eq!(refused.code, Some(2), "{arguments:?}: {refused:?}");
    }
    let error = place.failure(&["state", "verify", "--collection", "com.example.unknown"]);
    assert!(error.starts_with("error: there is no record lexicon com.example.unknown"), "{error}");
    assert!(error.lines().nth(1).unwrap().starts_with("help: "), "{error}");
}

/// Where a place finds a simulated network.
fn within(place: &Place, sim: &Sim) -> BelvedereOptions {
    BelvedereOptions::new(&data_dir(place))
        .with("DATABASE_URL", &place.database.url())
        .with("BELVEDERE_DEV", "true")
        .with("PLC_URL", sim.plc().as_str())
        .with("RELAY_URL", sim.relay().as_str())
        .with("JETSTREAM_URL", sim.jetstream().as_str())
}

fn run(place: &Place, options: &BelvedereOptions, arguments: &[&str]) -> Outcome {
    outcome(place.command(arguments).envs(options.environment.iter().cloned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_found_and_mended() {
    for database in databases().await {
        let place = Place::on(database);
        let collection = Nsid::parse(COLLECTION).unwrap();
        let sim = Sim::start(Plan::normal(5, 2, 3, &[collection], 4)).await;
        let options = within(&place, &sim);
        place.write("status.json", STATUS);
        place.json(&["lexicon", "add", "status.json"]);
        let server = Belvedere::start(&options).await;
        let watched = run(&place, &options, &["backfill", "watch", "--json"]);
        let job: Value = serde_json::from_str(&watched.stdout).unwrap();
        assert_eq!((&job["status"], &job["total_records"]), (&json!("completed"), &json!(24)), "{job}");
        let verify = |more: &[&str]| {
            let said = run(&place, &options, &[&["state", "verify", "--all", "--json"], more].concat());
            let report: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"));
            (said.code, report)
        };
        let (code, report) = verify(&[]);
        assert_eq!(
            (code, &report["repos"], &report["records"]),
            (Some(0), &json!(6), &json!(24)),
            "{report}"
        );

        // A record that went missing here without anybody deciding so.
        let store = place.database.open(&schemas()).await;
        let lost = store.index.write(|conn| {
            conn.execute("DELETE FROM record_rows WHERE id = (SELECT min(id) FROM record_rows)", &[])
        });
        let lost: Result<u64, store::Error> = lost.await;
        assert_eq!(lost.unwrap(), 1);
        let (code, report) = verify(&["--repair"]);
        assert_eq!((code, &report["missing"], &report["extra"]), (Some(1), &json!(1), &json!(0)), "{report}");
        assert_eq!(report["differences"][0]["difference"], "missing");
        let job = report["repaired_by"][0].as_str().unwrap();
        assert_eq!(run(&place, &options, &["backfill", "watch", job]).code, Some(0));
        let (code, report) = verify(&[]);
        assert_eq!((code, &report["differences"]), (Some(0), &json!([])), "{report}");
        server.terminate().await;
    }
}
