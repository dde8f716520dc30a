//! Two instances on one database: what happens on one is told on the other.

use cache::{Cache, MemoryConfig};
use futures::future::join_all;
use serde_json::json;
use testkit::TestDatabase;

use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_hears_what_happens_elsewhere_in_order() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let cache = Cache::memory(MemoryConfig::default());
    let here = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache.clone()).await;
    let there = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache).await;
    let person = here.person().await;
    let abroad = person.at(&there);
    let session = person.session("t").await;
    let (mut one, mut other) = (person.socket().await, abroad.socket().await);
    let names: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let posts = names.iter().enumerate().map(|(n, name)| {
        let who = if n % 2 == 0 { &person } else { &abroad };
        async { who.post(&session, &[name]).await }
    });
    join_all(posts).await;
    for socket in [&mut one, &mut other] {
        let told = socket.envelopes(40).await;
        for (update, n) in told.iter().zip(1_i64..) {
            assert_eq!(update["body"]["message"]["seq"], n);
        }
    }
    let mut agent = person.session_socket(&session).await;
    agent.emit("session-alive", &json!({ "sid": session, "time": 4_000_000_000_000_i64, "thinking": true }));
    other.until("ephemeral", |heard| heard["type"] == "activity" && heard["thinking"] == true).await;
    agent.answers("s:echo", |request| request["params"].clone()).await;
    let large = "x".repeat(300_000);
    let answer = other.ask("rpc-call", &json!({ "method": "s:echo", "params": large })).await;
    assert_eq!(answer, json!({ "ok": true, "result": large }), "from a socket of the other instance");
}

/// On SQLite nobody says that there is something to look at.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_beside_is_told_before_what_comes_next() {
    let database = TestDatabase::sqlite();
    let here = Site::start(database.open(&[&sync::SCHEMA]).await).await;
    let beside = Site::start(database.open(&[&sync::SCHEMA]).await).await;
    let person = here.person().await;
    let session = person.session("t").await;
    let mut socket = person.socket().await;
    person.at(&beside).post(&session, &["one"]).await;
    person.post(&session, &["two"]).await;
    let told = socket.updates(2).await;
    assert_eq!(told.iter().map(|it| &it["message"]["localId"]).collect::<Vec<_>>(), ["one", "two"]);
}
