//! Killed ten times at random moments under load, it serves exactly what the PDSes list.

use testkit::TestDatabase;

use crate::samples::{LIKE, POST};
use crate::scene::Scene;
use crate::traffic::Traffic;

const KILLS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_on_sqlite() {
    nothing_is_lost(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        nothing_is_lost(database).await;
    }
}

async fn nothing_is_lost(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let mut server = scene.start_with_samples(&scene.place).await;
    let seeded = scene.network.seed(20, 25, &[POST, LIKE]).await;
    assert_eq!(seeded.records, 20 * 50);
    let traffic = Traffic::start(&scene).await;
    for _ in 0..KILLS {
        scene.chance.pause(1_200).await;
        server.kill();
        scene.chance.pause(300).await;
        server = scene.place.start().await;
    }
    traffic.stop().await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    let store = scene.place.store().await;
    let sources = records::Records::new(&store, Vec::new()).sources().await.unwrap();
    let newest = scene.network.jetstream_status().await.last_time_us;
    assert_eq!(sources[0].time_us, newest, "the cursor covers the last event");
}
