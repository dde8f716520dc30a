//! Two servers on one database: one follows the stream, both serve, and when the one dies the other goes on.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Belvedere, TestDatabase};

use crate::samples::{LIKE, POST, document, list_of};
use crate::scene::{Place, Scene};
use crate::traffic::Traffic;
use crate::view::listed;
use crate::wait::{PATIENCE, until};

const OF_BEFORE: &str = "dev.belvedere.demo.postsOfBefore";

/// A moment after that of which edited posts say they are, and before all others.
const EDITED: &str = "2025-01-02T00:00:00.000Z";

/// How long a lease holds that is not renewed.
const TERM: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn one_follows_and_the_other_takes_over() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Some(scene) = Scene::set(database).await else { return };
    let first = scene.start_with_samples(&scene.place).await;
    let other = Place::new(&scene.network, Arc::clone(&scene.place.database));
    let second = other.start().await;
    scene.network.seed(8, 25, &[POST, LIKE]).await;
    for (place, server) in [(&scene.place, &first), (&other, &second)] {
        scene.caught_up(server).await;
        scene.compare(place, server).await;
    }
    assert_eq!(scene.network.jetstream_status().await.subscribers, 1, "one of them follows");
    assert_eq!(leader(&other).await, instance(&scene.place));
    lexicons_are_shared(&scene.place, &first, &second).await;

    let traffic = Traffic::start(&scene).await;
    scene.chance.pause(2_000).await;
    // Whichever of them builds the indexes that this asks for, it may be the one that dies.
    let query = json!({ "lexicon_json": posts_of_before(), "target_collection": POST });
    assert_eq!(other.admin(&second).post("/admin/lexicons", &query).await.status, 201);
    first.kill();
    let ((), took) = until("the other takes over", TERM + PATIENCE, async || {
        (leader(&other).await == instance(&other)).then_some(())
    })
    .await;
    assert!(took < TERM + Duration::from_secs(5), "a lease holds for {TERM:?}, and it took {took:?}");
    // The first comes back, to stand by.
    let first = scene.place.start().await;
    scene.chance.pause(1_000).await;
    traffic.stop().await;
    for (place, server) in [(&scene.place, &first), (&other, &second)] {
        scene.caught_up(server).await;
        scene.compare(place, server).await;
    }
    assert_eq!(leader(&other).await, instance(&other));
    indexes_are_whole(&scene.place, [&first, &second]).await;

    // In order, it does not take the term of a lease.
    second.terminate().await;
    let ((), took) = until("the first takes over", TERM, async || {
        (leader(&scene.place).await == instance(&scene.place)).then_some(())
    })
    .await;
    assert!(took < Duration::from_secs(5), "{took:?}");
    scene.caught_up(&first).await;
    scene.compare(&scene.place, &first).await;
}

async fn lexicons_are_shared(place: &Place, first: &Belvedere, second: &Belvedere) {
    let mut lexicon = document(list_of(POST));
    lexicon["id"] = json!("dev.belvedere.demo.listAgain");
    let request = json!({ "lexicon_json": lexicon, "target_collection": POST });
    assert_eq!(place.admin(first).post("/admin/lexicons", &request).await.status, 201);
    until("the other serves it too", Duration::from_secs(1), async || {
        (second.client.get("/xrpc/dev.belvedere.demo.listAgain").await.status == 200).then_some(())
    })
    .await;
    let lists = [list_of(POST), "dev.belvedere.demo.listAgain"];
    assert_eq!(listed(&first.client, lists[0], &[]).await, listed(&second.client, lists[1], &[]).await);
}

/// A query for posts that say they are from before a moment.
fn posts_of_before() -> Value {
    let parameters = json!({
        "limit": { "type": "integer" },
        "cursor": { "type": "string" },
        "createdAtBefore": { "type": "string", "format": "datetime" },
    });
    json!({ "lexicon": 1, "id": OF_BEFORE, "defs": { "main": {
        "type": "query", "parameters": { "type": "params", "properties": parameters },
    } } })
}

/// What was written, edited and deleted while the indexes were built is in them as it is, on both.
async fn indexes_are_whole(place: &Place, servers: [&Belvedere; 2]) {
    for server in servers {
        place.indexed(server).await;
        let mut expected = listed(&server.client, list_of(POST), &[]).await;
        expected.retain(|_, post| post["createdAt"].as_str().unwrap() < EDITED);
        assert!(!expected.is_empty());
        assert_eq!(listed(&server.client, OF_BEFORE, &[("createdAtBefore", EDITED)]).await, expected);
    }
}

/// Who follows the stream.
async fn leader(place: &Place) -> String {
    let store = place.store().await;
    let sources = records::Records::new(&store, Vec::new()).sources().await.unwrap();
    sources.into_iter().find_map(|source| source.holder).unwrap_or_default()
}

/// The name of the server of a place.
fn instance(place: &Place) -> String {
    fs::read_to_string(place.options.data_dir.join("instance-id")).unwrap()
}
