//! `belvedere doctor`

use serde_json::Value;
use testkit::databases;

use crate::dns;
use crate::fixtures::STATUS;
use crate::place::Place;
use crate::stream;

/// The findings of one check.
fn findings<'a>(report: &'a Value, check: &str) -> Vec<&'a Value> {
    report["checks"].as_array().unwrap().iter().filter(|line| line["check"] == check).collect()
}

fn status(report: &Value, check: &str) -> String {
    findings(report, check)
        .iter()
        .map(|line| line["status"].as_str().unwrap())
        .max()
        .unwrap_or("none")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_is_wrong_and_what_to_do() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("data/x", "");
        place.write("status.json", STATUS);
        place.json(&["lexicon", "add", "status.json"]);
        let stream = stream::start().await;
        let mut command = place.command(&["doctor", "--dev", "--json", "--jetstream-url", &stream]);
        command.env("SESSION_SECRET", "x").args([
            "--plc-url",
            "http://127.0.0.1:1",
            "--relay-url",
            "http://127.0.0.1:1",
        ]);
        let output = command.args(["--dns-server", &dns::start()]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "the directory cannot be reached");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["status"], "fail");
        for (check, expected) in [
            ("configuration", "warn"),
            ("data folder", "ok"),
            ("database", "ok"),
            ("master secret", "ok"),
            ("public url", "ok"),
            ("cache", "ok"),
            ("bucket", "ok"),
            ("dns", "ok"),
            ("plc", "fail"),
            ("clock", "warn"),
            ("jetstream", "ok"),
            ("relay", "warn"),
            ("lexicons", "ok"),
            ("ingest", "ok"),
            ("history", "ok"),
            ("index", "ok"),
        ] {
            assert_eq!(status(&report, check), expected, "{check}: {:?}", findings(&report, check));
        }
        assert!(findings(&report, "plc")[0]["advice"].as_str().unwrap().contains("plc_url"));
        let configuration = findings(&report, "configuration");
        let details: Vec<&str> = configuration.iter().map(|line| line["detail"].as_str().unwrap()).collect();
        assert!(details.contains(&"dev = true (flag --dev)"), "{details:?}");
        assert!(
            details.iter().any(|detail| detail.starts_with("SESSION_SECRET is set and has no effect")),
            "{details:?}"
        );
    }
}

#[test]
fn before_the_first_start_it_makes_nothing() {
    let place = Place::on(testkit::TestDatabase::sqlite());
    let outcome =
        place.run(&["doctor", "--dev", "--plc-url", "http://127.0.0.1:1", "--dns-server", &dns::start()]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stdout.lines().any(|line| line.starts_with("warn  database")), "{}", outcome.stdout);
    assert!(outcome.stdout.lines().any(|line| line.trim_start().starts_with("→ ")), "{}", outcome.stdout);
    assert_eq!(std::fs::read_dir(place.database.dir().unwrap()).unwrap().count(), 0);
}

#[test]
fn a_wrong_configuration_is_a_finding() {
    let place = Place::on(testkit::TestDatabase::sqlite());
    let outcome = place.run(&["doctor", "--json", "--port", "x"]);
    assert_eq!(outcome.code, Some(1));
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(status(&report, "configuration"), "fail");
}
