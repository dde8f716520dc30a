//! Records arrive from a host itself, and nothing of it is believed that is not proven.

mod liar;

use serde_json::json;
use testkit::network::AccountAction;
use testkit::{Belvedere, TestDatabase};

use self::liar::{Liar, Lie};
use crate::meters::metric;
use crate::samples::{LIKE, POST, post};
use crate::scene::{Place, Scene};
use crate::traffic::Traffic;
use crate::wait::{PATIENCE, until};

const SETTING: &str = "FIREHOSE_URL";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_sends_is_what_it_has_on_sqlite() {
    what_a_host_sends_is_what_it_has(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_sends_is_what_it_has_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        what_a_host_sends_is_what_it_has(database).await;
    }
}

/// Followed, killed, and turned from the host to Jetstream and back while people write.
async fn what_a_host_sends_is_what_it_has(database: TestDatabase) {
    let Some(mut scene) = Scene::set(database).await else { return };
    let jetstream = scene.place.options.clone();
    let host = jetstream.clone().with(SETTING, &stream_of(&scene.network.endpoints.pds[0]));
    scene.place.options = host.clone();
    let server = begin(&scene).await;
    scene.network.seed(10, 10, &[POST, LIKE]).await;
    let traffic = Traffic::start(&scene).await;
    scene.chance.pause(1_500).await;
    server.kill();
    let mut server = scene.place.start().await;
    for options in [jetstream, host] {
        scene.chance.pause(1_500).await;
        server.terminate().await;
        scene.place.options = options;
        server = scene.place.start().await;
    }
    traffic.stop().await;
    let gone = scene.active_accounts().await.pop().unwrap();
    scene.network.set_status(&gone.did, AccountAction::Deactivate).await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    for missing in ["ingest_gaps_total", "ingest_torn_repos_total"] {
        assert!(metric(&server, missing, "").await < 1.0, "{missing}");
    }
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_between_left_out_or_made_up_is_noticed_on_sqlite() {
    what_somebody_between_did_is_noticed(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_between_left_out_or_made_up_is_noticed_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        what_somebody_between_did_is_noticed(database).await;
    }
}

/// A relay that leaves commits out, or operations of them, or signs them itself: nothing it made up is served, and all that it left out is
/// fetched.
async fn what_somebody_between_did_is_noticed(database: TestDatabase) {
    let Some(mut scene) = Scene::set(database).await else { return };
    let liar = Liar::start(&stream_of(&scene.network.endpoints.pds[0])).await;
    scene.place.options = scene.place.options.clone().with(SETTING, liar.url());
    let server = begin(&scene).await;
    scene.network.seed(2, 5, &[POST, LIKE]).await;
    let author = scene.active_accounts().await.remove(0);
    for (number, lie) in [Lie::LeaveOut, Lie::LeaveOutOne, Lie::SignYourself].into_iter().enumerate() {
        liar.tell(lie);
        let text = format!("lied about {number}");
        let writes = [0, 1].map(|_| {
            json!({ "$type": "com.atproto.repo.applyWrites#create", "collection": POST, "value": post(&text) })
        });
        scene.network.apply_writes(&author.did, &writes).await;
        until("the lie is told", PATIENCE, async || liar.has_lied().then_some(())).await;
        // The next commit shows that something is missing.
        scene.caught_up(&server).await;
        until("what was left out is fetched", PATIENCE, async || {
            (served(&scene.place, &server, &text).await == 2).then_some(())
        })
        .await;
    }
    scene.compare(&scene.place, &server).await;
    for reason in ["not_inductive", "bad_signature"] {
        let label = format!("reason=\"{reason}\"");
        assert!(metric(&server, "ingest_dropped_total", &label).await > 0.0, "{reason} is not counted");
    }
    let told = scene.place.admin(&server).get("/admin/events?event_type=commit.refused").await.expect(200);
    assert!(!told["events"].as_array().unwrap().is_empty(), "{told}");
    server.terminate().await;
}

/// Starts a server and waits until a first record has come.
async fn begin(scene: &Scene) -> Belvedere {
    scene.place.add_samples();
    let server = scene.place.start().await;
    until("the stream", PATIENCE, async || {
        server.log().iter().any(|line| line.contains("firehose.connected")).then_some(())
    })
    .await;
    scene.network.create_accounts(1).await;
    scene.caught_up(&server).await;
    server
}

async fn served(place: &Place, server: &Belvedere, text: &str) -> usize {
    let path = format!("/admin/records?collection={POST}&limit=100");
    let page = place.admin(server).get(&path).await.expect(200);
    let records = page["records"].as_array().unwrap();
    records.iter().filter(|record| record["record"]["text"] == text).count()
}

fn stream_of(url: &str) -> String {
    url.replacen("http", "ws", 1)
}
