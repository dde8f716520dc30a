//! The stream breaks, stalls, lies and forgets; only what it has forgotten is missing, and that is written down.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use store::v;
use testkit::network::{Account, Fault};
use testkit::{Belvedere, NetworkOptions, TestDatabase};
use tokio::time::sleep;

use crate::meters::metric;
use crate::samples::{LIKE, POST, list_of, post};
use crate::scene::{Place, Scene};
use crate::traffic::Traffic;
use crate::view::listed;
use crate::wait::{PATIENCE, until};

const DISTURBANCES: usize = 6;

/// Two servers on one stream, one with compressed events and one without.
#[tokio::test(flavor = "multi_thread")]
async fn disturbances_leave_no_trace() {
    let Some(scene) = Scene::set(TestDatabase::sqlite()).await else { return };
    let database = TestDatabase::postgres().await.unwrap_or_else(TestDatabase::sqlite);
    let mut plain = Place::new(&scene.network, Arc::new(database));
    plain.options = plain.options.with("JETSTREAM_COMPRESS", "false");
    let [compressed, uncompressed] = scene.start_all_with_samples([&scene.place, &plain]).await;
    scene.network.seed(8, 25, &[POST, LIKE]).await;
    let traffic = Traffic::start(&scene).await;
    let liar = scene.active_accounts().await.remove(0);
    for number in 0..DISTURBANCES {
        scene.chance.pause(800).await;
        // Each kind at least once, whatever chance says.
        disturb(&scene, if number < KINDS { number } else { scene.chance.below(KINDS) }).await;
        scene.network.inject_events(&[forged(&liar)]).await;
        until("both are back", PATIENCE, async || {
            (scene.network.jetstream_status().await.subscribers == 2).then_some(())
        })
        .await;
        for frame in lies(&liar) {
            scene.network.inject_raw(&frame).await;
        }
    }
    traffic.stop().await;
    for (place, server) in [(&scene.place, &compressed), (&plain, &uncompressed)] {
        scene.caught_up(server).await;
        scene.compare(place, server).await;
        for reason in REASONS {
            let label = format!("reason=\"{reason}\"");
            assert!(metric(server, "ingest_dropped_total", &label).await > 0.0, "{reason} is not counted");
        }
        assert!(server.log().iter().any(|line| line.contains("record.cid_mismatch")));
    }
}

/// The ways in which the stream is disturbed.
const KINDS: usize = 4;

async fn disturb(scene: &Scene, kind: usize) {
    let stream = &scene.network;
    match kind {
        0 => stream.disconnect_jetstream().await,
        1 => {
            stream.pause_jetstream().await;
            scene.chance.pause(1_500).await;
            stream.resume_jetstream().await;
        }
        2 => {
            // One of the two is refused when it comes back.
            let refused = Fault { status: 503, count: Some(1), ..Fault::at("jetstream", "/subscribe") };
            stream.set_fault(&refused).await;
            stream.disconnect_jetstream().await;
        }
        // More than is read of any frame: both give the connection up.
        _ => stream.inject_raw(&"x".repeat(6 << 20)).await,
    }
}

/// What the frames below are dropped for.
const REASONS: [&str; 13] = [
    "not_json",
    "wrong_shape",
    "bad_did",
    "bad_rev",
    "bad_collection",
    "bad_rkey",
    "unknown_operation",
    "missing_record",
    "unknown_kind",
    "future_time",
    "too_deep",
    "too_large",
    "cid_mismatch",
];

/// Frames that are no events, or not to be believed.
fn lies(liar: &Account) -> Vec<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    let now = u64::try_from(now).unwrap();
    let event = json!({
        "did": liar.did, "time_us": now, "kind": "commit",
        "commit": {
            "rev": "3zzzzzzzzzz22", "operation": "create", "collection": POST, "rkey": "lie", "record": post("a lie"),
        }
    });
    let with = |pointer: &str, value: Value| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        event.to_string()
    };
    let mut without_record = event.clone();
    without_record["commit"].as_object_mut().unwrap().remove("record");
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    vec![
        String::new(),
        "{".into(),
        "[]".into(),
        event.to_string()[..100].to_owned(),
        with("/did", json!("did:plc")),
        with("/commit/rev", json!("yesterday")),
        with("/commit/collection", json!("posts")),
        with("/commit/rkey", json!("a/b")),
        with("/commit/operation", json!("forge")),
        without_record.to_string(),
        json!({ "did": liar.did, "time_us": now, "kind": "rumour" }).to_string(),
        with("/time_us", json!(now + 3_600_000_000)),
        with("/commit/record", json!({ "deep": "here" })).replace("\"here\"", &deep),
        with("/commit/record", post(&"x".repeat(1_100_000))),
        forged_frame(&event),
    ]
}

/// A record under the CID of another one.
fn forged_frame(event: &Value) -> String {
    let mut event = event.clone();
    event["commit"]["cid"] = json!("bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi");
    event.to_string()
}

/// The same, to be kept in the log of the stream and sent again to whoever comes back.
fn forged(liar: &Account) -> Value {
    let event = lies(liar).pop().unwrap();
    let mut event: Value = serde_json::from_str(&event).unwrap();
    event.as_object_mut().unwrap().remove("time_us");
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_has_forgotten_is_written_down_on_sqlite() {
    what_the_stream_has_forgotten_is_written_down(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_has_forgotten_is_written_down_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        what_the_stream_has_forgotten_is_written_down(database).await;
    }
}

async fn what_the_stream_has_forgotten_is_written_down(database: TestDatabase) {
    const KEPT: u32 = 20;
    let options = NetworkOptions { retain: Some(KEPT), ..NetworkOptions::default() };
    let Some(mut scene) = Scene::with(database, options).await else { return };
    // By itself it would fetch what it has missed.
    scene.place.options = scene.place.options.clone().with("BACKFILL_REPAIR_GAPS", "false");
    let server = scene.start_with_samples(&scene.place).await;
    let writer = scene.active_accounts().await.remove(0);
    write(&scene, &writer, "before", 5).await;
    scene.caught_up(&server).await;
    assert_eq!(ingest_findings(&scene.place), ["nothing of the stream is missing"]);
    server.terminate().await;

    // More than the stream keeps, and longer than what counts as a pause.
    write(&scene, &writer, "missed", 3).await;
    sleep(Duration::from_secs(11)).await;
    write(&scene, &writer, "kept", 2 * KEPT).await;
    scene.network.settle().await;
    let first_kept = scene.network.jetstream_status().await.first_time_us.unwrap();
    let server = scene.place.start().await;
    scene.caught_up(&server).await;
    let posts = listed(&server.client, list_of(POST), &[("did", &writer.did)]).await;
    let count = |text: &str| posts.values().filter(|post| post["text"] == text).count();
    assert_eq!((count("before"), count("missed")), (5, 0));
    assert!(count("kept") >= KEPT as usize, "{}", count("kept"));
    let gap = gap(&scene.place, &server).await;
    assert!(gap.from_us < gap.to_us && gap.to_us == first_kept, "{gap:?}, kept from {first_kept}");
    assert_eq!(gap.reason, "the source no longer has the events after the cursor");

    // A cursor from days ago is the same, and what the stream still has is told once more.
    server.terminate().await;
    let days_ago = gap.from_us - 73 * 3_600_000_000;
    let store = scene.place.store().await;
    let rewind = move |conn: &mut store::Conn<'_>| {
        conn.execute("UPDATE cursors SET time_us = $1 WHERE source = 'jetstream'", &[v(days_ago)])
    };
    assert_eq!(store.index.write(rewind).await.unwrap(), 1);
    drop(store);
    let server = scene.place.start().await;
    scene.caught_up(&server).await;
    let again = listed(&server.client, list_of(POST), &[("did", &writer.did)]).await;
    assert_eq!(again.len(), posts.len() + 1, "only the record that was waited for is new");
    let gap = self::gap(&scene.place, &server).await;
    assert_eq!(gap.from_us, days_ago);
}

async fn write(scene: &Scene, writer: &Account, text: &str, count: u32) {
    for _ in 0..count {
        scene.network.create_record(&writer.did, POST, None, &post(text)).await;
    }
}

/// The newest gap, which everybody who asks is told of.
async fn gap(place: &Place, server: &Belvedere) -> records::Gap {
    assert!(server.log().iter().any(|line| line.contains("a gap in the stream")), "{:#?}", server.log());
    assert!(metric(server, "ingest_gaps_total", "").await > 0.0);
    let findings = ingest_findings(place);
    assert!(findings[0].contains("gaps, the newest in jetstream from "), "{findings:?}");
    let store = place.store().await;
    records::Records::new(&store, Vec::new()).gaps().await.unwrap().remove(0)
}

/// What `doctor` says about the stream, besides how far it has been followed.
fn ingest_findings(place: &Place) -> Vec<String> {
    let report = place.json(&["doctor"]);
    let checks = report["checks"].as_array().unwrap();
    let ingest = checks.iter().filter(|check| check["check"] == "ingest").skip(1);
    ingest.map(|check| check["detail"].as_str().unwrap().to_owned()).collect()
}
