//! Both protocols of a Jetstream tell the same.

use testkit::TestDatabase;
use testkit::network::AccountAction;

use crate::meters::metric;
use crate::samples::{LIKE, POST};
use crate::scene::Scene;
use crate::traffic::Traffic;
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn versions_can_be_switched_on_sqlite() {
    versions_can_be_switched(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_can_be_switched_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        versions_can_be_switched(database).await;
    }
}

/// Version 2, version 1 and version 2 again, killed in between, while people write; then an account goes and comes back, which only version 2
/// tells of as a state that jumped.
async fn versions_can_be_switched(database: TestDatabase) {
    let Some(mut scene) = Scene::set(database).await else { return };
    let first = scene.place.options.clone();
    let address =
        format!("{}/xrpc/network.bsky.jetstream.subscribeEvents", scene.network.endpoints.jetstream);
    let second = first.clone().with("JETSTREAM_URL", &address);
    scene.place.options = second.clone();
    scene.place.add_samples();
    let mut server = scene.place.start().await;
    until("the stream", PATIENCE, async || {
        server.log().iter().any(|line| line.contains("jetstream.connected")).then_some(())
    })
    .await;
    scene.network.seed(6, 10, &[POST, LIKE]).await;
    let traffic = Traffic::start(&scene).await;
    for options in [first, second] {
        scene.chance.pause(1_500).await;
        server.kill();
        scene.place.options = options;
        server = scene.place.start().await;
    }
    traffic.stop().await;
    let back = scene.active_accounts().await.pop().unwrap();
    scene.network.set_status(&back.did, AccountAction::Deactivate).await;
    scene.network.set_status(&back.did, AccountAction::Activate).await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    assert!(metric(&server, "ingest_gaps_total", "").await < 1.0);
    let jumped = metric(&server, "ingest_events_total", "kind=\"sync\"").await;
    assert!(jumped > 0.0, "no state that jumped was told of");
    server.terminate().await;
}
