//! `belvedere record`, beside a server that follows a stream.

use std::time::{Duration, Instant};

use testkit::{Belvedere, BelvedereOptions, TestDatabase, databases};

use crate::fixtures::STATUS;
use crate::place::Place;
use crate::stream::{self, AUTHOR, KEYS};

/// A server on the place's database and stream.
fn options(place: &Place, stream: &str) -> BelvedereOptions {
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    let mut options = options.with("JETSTREAM_URL", stream).with("JETSTREAM_COMPRESS", "false");
    options.arguments.push("--dev".into());
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_brings_can_be_looked_at() {
    for database in databases().await {
        let place = Place::on(database);
        let server = Belvedere::start(&options(&place, &stream::start().await)).await;
        place.write("status.json", STATUS);
        // The server notices a lexicon that another process adds.
        place.json(&["lexicon", "add", "status.json"]);
        wait_for_all(&place).await;

        let first = place.json(&["record", "list", "xyz.statusphere.status", "--limit", "2"]);
        let keys = |page: &serde_json::Value| {
            let uris = page["records"]
                .as_array()
                .unwrap()
                .iter()
                .map(|record| record["uri"].as_str().unwrap().to_owned());
            uris.map(|uri| uri.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&first), [KEYS[2], KEYS[1]]);
        assert_eq!(first["records"][0]["record"]["status"], "🐙");
        let cursor = first["cursor"].as_str().unwrap();
        let rest =
            place.json(&["record", "list", "xyz.statusphere.status", "--cursor", cursor, "--did", AUTHOR]);
        assert_eq!(keys(&rest), [KEYS[0]]);
        assert!(rest.get("cursor").is_none());

        let uri = format!("at://{AUTHOR}/xyz.statusphere.status/{}", KEYS[1]);
        let record = place.json(&["record", "get", &uri]);
        assert_eq!(record["uri"], uri.as_str());
        assert_eq!(record["record"]["status"], "🦀");
        assert!(record["cid"].as_str().unwrap().starts_with("bafy"));
        assert!(place.text(&["record", "get", &uri]).contains("🦀"));

        let counts = place.json(&["record", "count"]);
        assert_eq!(counts["total_records"], 3);
        assert_eq!(counts["collections"][0]["collection"], "xyz.statusphere.status");
        assert_eq!(place.json(&["record", "count", "com.example.none"])["collections"][0]["count"], 0);
        assert!(server.terminate().await.status.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create"]);
    assert_eq!(place.text(&["record", "list", "com.example.none"]), "no records\n");
    let uri = format!("at://{AUTHOR}/xyz.statusphere.status/{}", KEYS[0]);
    let error = place.failure(&["record", "get", &uri]);
    assert!(error.starts_with(&format!("error: {uri} is not here\nhelp: ")), "{error}");
    let error = place.failure(&["record", "get", "at://someone.test/xyz.statusphere.status/x"]);
    assert!(error.contains("with the DID and not the handle"), "{error}");
    assert_eq!(place.run(&["record", "list", "not an nsid"]).code, Some(2));
    assert_eq!(place.run(&["record", "list", "com.example.none", "--cursor", "?"]).code, Some(2));
}

async fn wait_for_all(place: &Place) {
    let started = Instant::now();
    while place.json(&["record", "count"])["total_records"] != 3 {
        assert!(started.elapsed() < Duration::from_secs(30), "the records do not arrive");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
