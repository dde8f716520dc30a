//! Killed at random moments, it serves exactly what the PDSes list.

use std::time::Duration;

use store::{Conn, v};
use testkit::{Belvedere, TestDatabase};

use crate::samples::{LIKE, POST};
use crate::scene::{Place, Scene};
use crate::traffic::Traffic;
use crate::wait::{PATIENCE, until};

const KILLS: usize = 10;

/// How often it is sent back to the beginning, and killed on its way.
const RETURNS: usize = 6;

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
    let server = scene.start_with_samples(&scene.place).await;
    let seeded = scene.network.seed(20, 25, &[POST, LIKE]).await;
    assert_eq!(seeded.records, 20 * 50);
    let server = while_people_work(&scene, server).await;
    while_it_is_far_behind(&scene, server).await;
}

/// While records are created, changed and deleted all the time.
async fn while_people_work(scene: &Scene, mut server: Belvedere) -> Belvedere {
    let traffic = Traffic::start(scene).await;
    for _ in 0..KILLS {
        scene.chance.pause(1_200).await;
        server.kill();
        scene.chance.pause(300).await;
        server = scene.place.start().await;
    }
    traffic.stop().await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    assert_eq!(cursor(&scene.place).await, scene.network.jetstream_status().await.last_time_us);
    server
}

/// While it has so much to read that what is asked for once more after a restart does not cover one transaction.
async fn while_it_is_far_behind(scene: &Scene, server: Belvedere) {
    let first = scene.network.jetstream_status().await.first_time_us.unwrap();
    let records = total(&scene.place, &server).await;
    server.kill();
    forget(&scene.place, first).await;
    let server = scene.place.start().await;
    let way = caught_up(scene, &server, records).await;
    server.kill();
    for _ in 0..RETURNS {
        forget(&scene.place, first).await;
        for _ in 0..2 {
            let server = scene.place.start().await;
            scene.chance.pause(way.as_millis().try_into().unwrap()).await;
            server.kill();
        }
        let server = scene.place.start().await;
        caught_up(scene, &server, records).await;
        server.kill();
    }
    let server = scene.place.start().await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
}

/// Waits until so many records are there, and says how long that took.
async fn caught_up(scene: &Scene, server: &Belvedere, records: u64) -> Duration {
    let what = format!("{records} records are there");
    let there = async || (total(&scene.place, server).await == records).then_some(());
    until(&what, PATIENCE, there).await.1
}

async fn total(place: &Place, server: &Belvedere) -> u64 {
    place.admin(server).get("/admin/stats").await.expect(200)["total_records"].as_u64().unwrap()
}

/// How far the stream has been applied.
async fn cursor(place: &Place) -> Option<i64> {
    let store = place.store().await;
    records::Records::new(&store, Vec::new()).sources().await.unwrap().remove(0).time_us
}

/// Takes the index of a server that does not run back to when it had seen nothing after this time.
async fn forget(place: &Place, time_us: i64) {
    let forget = move |conn: &mut Conn<'_>| {
        for table in ["backlinks", "record_rows", "changes"] {
            conn.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        conn.execute("UPDATE collections SET records = 0", &[])?;
        conn.execute("UPDATE cursors SET time_us = $1 WHERE source = 'jetstream'", &[v(time_us)])
    };
    place.store().await.index.write(forget).await.unwrap();
}
