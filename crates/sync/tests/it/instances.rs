//! Two instances on one database: what happens on one is told on the other.

use std::time::Duration;

use cache::{Cache, MemoryConfig};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::site::{Person, Site};
use crate::socket::Socket;

/// Two instances that share a cache, and a person at both; nothing where there is no PostgreSQL.
async fn two() -> Option<(TestDatabase, [Site; 2], [Person; 2])> {
    let database = TestDatabase::postgres().await?;
    let cache = Cache::memory(MemoryConfig::default());
    let here = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache.clone()).await;
    let there = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache).await;
    let person = here.person().await;
    let abroad = person.at(&there);
    Some((database, [here, there], [person, abroad]))
}

fn alive(session: &str) -> Value {
    json!({ "sid": session, "time": 4_000_000_000_000_i64, "thinking": false })
}

async fn is_active(person: &Person, session: &str) -> bool {
    let listed = person.http.get("/v1/sessions").await.expect(200);
    let sessions = listed["sessions"].as_array().unwrap();
    sessions.iter().any(|found| found["id"] == *session && found["active"] == true)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_here_is_good_for_nothing_there() {
    let Some((_database, [_here, there], [person, abroad])) = two().await else { return };
    let mut socket = abroad.socket().await;
    abroad.http.get("/v1/sessions").await.expect(200);
    let listed = person.http.get("/v1/auth/tokens").await.expect(200);
    let id = listed["tokens"][0]["id"].as_str().unwrap();
    person.http.delete(&format!("/v1/auth/tokens/{id}")).await.expect(200);
    socket.until("disconnect", |_| true).await;
    abroad.http.get("/v1/sessions").await.expect(401);
    let refused = Socket::connect(there.client.base(), json!({ "token": abroad.token })).await;
    assert_eq!(refused.err().unwrap(), "Invalid authentication token");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_an_app_there_is_not_disturbed_here() {
    let Some((_database, _sites, [person, abroad])) = two().await else { return };
    let session = person.session("t").await;
    let event = json!({ "kind": "done", "title": "t", "body": "b" });
    let push = async |expected: &str| {
        let path = format!("/v1/sessions/{session}/push-event");
        for _ in 0..100 {
            if person.http.post(&path, &event).await.expect(200)["result"] == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it was never {expected}");
    };
    push("no_tokens").await;
    let auth = json!({ "token": abroad.token, "appState": "active" });
    let socket = Socket::connect(abroad.http.base(), auth).await.unwrap();
    push("suppressed").await;
    socket.emit("app-state", &json!({ "state": "background" }));
    push("no_tokens").await;
    socket.emit("app-state", &json!({ "state": "active" }));
    push("suppressed").await;
    drop(socket);
    push("no_tokens").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_here_is_not_woken_there() {
    let Some((database, _sites, [person, abroad])) = two().await else { return };
    // One that hears nothing of the others.
    let deaf = Site::start(database.open(&[&sync::SCHEMA]).await).await;
    let session = person.session("t").await;
    let (beating, watching) = (abroad.session_socket(&session).await, person.socket().await);
    let unheard = person.at(&deaf).session_socket(&session).await;
    beating.emit("session-alive", &alive(&session));
    beating.ask("ping", &Value::Null).await;
    person.http.post(&format!("/v1/sessions/{session}/archive"), &json!({})).await.expect(200);
    let before = watching.heard("ephemeral").len();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        beating.emit("session-alive", &alive(&session));
        unheard.emit("session-alive", &alive(&session));
    }
    assert!(!is_active(&person, &session).await, "what was heard elsewhere was written meanwhile");
    let lively = watching.heard("ephemeral").into_iter().skip(before).filter(|it| it["active"] == true);
    assert_eq!(lively.count(), 0);
    person.session("t").await;
    beating.emit("session-alive", &alive(&session));
    let mut watching = watching;
    watching.until("ephemeral", |heard| heard["active"] == true && heard["id"] == *session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_is_offline_when_its_last_socket_has_gone_wherever_that_was() {
    let Some((_database, _sites, [person, abroad])) = two().await else { return };
    person.machine("m").await;
    let mut watching = person.socket().await;
    let (one, other) = (person.machine_socket("m").await, abroad.machine_socket("m").await);
    watching.until("ephemeral", |heard| heard["active"] == true).await;
    drop(one);
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let gone = |heard: &Value| heard["type"] == "machine-activity" && heard["active"] == false;
    assert!(!watching.heard("ephemeral").iter().any(gone), "it has a socket at the other instance");
    drop(other);
    watching.until("ephemeral", gone).await;
}

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
