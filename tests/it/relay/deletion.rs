//! A server that is killed while it deletes an account: the next one finishes it.

use std::sync::Arc;

use serde_json::json;
use store::{Conn, Store, v};
use testkit::relay::log_in;
use testkit::{HttpClient, TestDatabase, row_counts};

use super::relays::Relay;
use crate::scene::schemas;
use crate::wait::{PATIENCE, until};

/// Far more than goes in one step.
const MESSAGES: i64 = 60_000;

/// A kill that comes too late is tried again with another account.
const ATTEMPTS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_outlives_its_server_on_sqlite() {
    a_deletion_outlives_its_server(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_outlives_its_server_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        a_deletion_outlives_its_server(database).await;
    }
}

async fn a_deletion_outlives_its_server(database: TestDatabase) {
    let database = Arc::new(database);
    let relay = Relay::new(&database, &[]);
    let server = relay.start().await;
    let bob = server.client.with_bearer(&log_in(&server.client).await);
    session(&bob).await;
    server.kill();
    let store = database.open(&schemas()).await;
    let before = row_counts(&store, &sync::SCHEMA).await;
    for _ in 0..ATTEMPTS {
        let server = relay.start().await;
        let ann = server.client.with_bearer(&log_in(&server.client).await);
        let id = ann.get("/v1/account/profile").await.expect(200)["id"].as_str().unwrap().to_owned();
        fill(&store, &id, &session(&ann).await).await;
        let deletion = tokio::spawn({
            let ann = ann.clone();
            let path = format!("/v1/account?confirm={id}");
            async move { ann.try_send(ann.request(reqwest::Method::DELETE, &path)).await.is_ok() }
        });
        // It is no account any more, and there is a lot to be removed.
        let is_marked = async || {
            let key = store.state.read({
                let id = id.clone();
                move |conn| {
                    let sql = "SELECT public_key FROM sync_accounts WHERE id = $1";
                    conn.query_opt(sql, &[v(&id)], |row| row.string(0))
                }
            });
            let key: Option<String> = key.await.map_err(|error: store::Error| error).unwrap();
            key.is_none_or(|key| key.starts_with("deleted:")).then_some(())
        };
        until("the mark", PATIENCE, is_marked).await;
        server.kill();
        deletion.await.unwrap();
        let left = row_counts(&store, &sync::SCHEMA).await;
        let was_in_time = left["sync_messages"] > before["sync_messages"];
        let server = relay.start().await;
        let is_finished = async || (row_counts(&store, &sync::SCHEMA).await == before).then_some(());
        until("that nothing is left", PATIENCE, is_finished).await;
        assert_eq!(ann.get("/v1/sessions").await.status, 401);
        assert_eq!(bob.get("/v1/sessions").await.expect(200)["sessions"].as_array().unwrap().len(), 1);
        server.kill();
        if was_in_time {
            return;
        }
    }
    panic!("no kill came before everything was deleted");
}

async fn session(http: &HttpClient) -> String {
    let body = json!({ "tag": "t", "metadata": "opaque" });
    let session = http.post("/v1/sessions", &body).await.expect(200)["session"]["id"].clone();
    let id = session.as_str().unwrap().to_owned();
    let messages = json!({ "messages": [{ "localId": "a", "content": "opaque" }] });
    assert_eq!(http.post(&format!("/v3/sessions/{id}/messages"), &messages).await.status, 200);
    id
}

/// Gives an account more than can be removed at once.
async fn fill(store: &Store, account: &str, session: &str) {
    let (account, session) = (account.to_owned(), session.to_owned());
    let fill = move |conn: &mut Conn<'_>| {
        conn.execute(
            "INSERT INTO sync_messages (session_id, seq, id, content, created_at)
             WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             SELECT $1, i, 'm' || i, 'a text that only clients can read', 0 FROM n",
            &[v(&session), v(MESSAGES)],
        )?;
        conn.execute(
            "INSERT INTO sync_values (account_id, key, value, version, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             SELECT $1, 'k' || i, NULL, 0, 0 FROM n",
            &[v(&account)],
        )
    };
    store.state.write(fill).await.map(drop).map_err(|error: store::Error| error).unwrap();
}
