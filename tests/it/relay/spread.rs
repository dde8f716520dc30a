//! An account whose devices are at three servers: it is as if there were one.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::relay::{Wire, log_in};
use testkit::{Belvedere, TestDatabase};
use tokio::time::timeout;

use super::relays::Relay;

const PATIENCE: Duration = Duration::from_secs(20);
const MESSAGES: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_are_one() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Ok(cache) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    let database = Arc::new(database);
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(Relay::new(&database, &[("CACHE_URL", &cache)]).start().await);
    }
    let [first, second, third] = servers.as_slice() else { unreachable!("three were started") };
    let token = log_in(&first.client).await;
    let owner = second.client.with_bearer(&token);
    let made = owner.post("/v1/sessions", &json!({ "tag": "t", "metadata": "m" })).await.expect(200);
    let session = made["session"]["id"].as_str().unwrap();
    let mut app = connect(first, &token, json!({ "clientType": "user-scoped" })).await;
    let daemon = json!({ "clientType": "machine-scoped", "machineId": "m" });
    let mut daemon = connect(third, &token, daemon).await;
    until(&mut app, |said| said.starts_with("42[\"ephemeral\"") && said.contains("machine-activity")).await;

    // Said to the second, heard at the first, in order.
    for number in 1..=MESSAGES {
        let message = json!({ "localId": number.to_string(), "content": "c" });
        let path = format!("/v3/sessions/{session}/messages");
        let posted = owner.post(&path, &json!({ "messages": [message] })).await.expect(200);
        assert_eq!(posted["messages"][0]["seq"], number);
    }
    for number in 1..=MESSAGES {
        let said = until(&mut app, |said| said.starts_with("42[\"update\"")).await;
        let Value::Array(event) = serde_json::from_str(&said[2..]).unwrap() else { panic!("{said}") };
        assert_eq!(event[1]["body"]["message"]["seq"], number, "{said}");
    }

    // Asked at the first, answered at the third.
    daemon.send(r#"42["rpc-register",{"method":"m:echo"}]"#.to_owned()).await;
    until(&mut daemon, |said| said.starts_with("42[\"rpc-registered\"")).await;
    app.send(r#"421["rpc-call",{"method":"m:echo","params":"p"}]"#.to_owned()).await;
    let request = until(&mut daemon, |said| said.contains("\"rpc-request\"")).await;
    let id = request.trim_start_matches("42").split('[').next().unwrap();
    daemon.send(format!(r#"43{id}["answered"]"#)).await;
    let answer = until(&mut app, |said| said.starts_with("431")).await;
    assert_eq!(answer, r#"431[{"ok":true,"result":"answered"}]"#);

    // What is revoked at the second is closed at the first and the third.
    let tokens = owner.get("/v1/auth/tokens").await.expect(200);
    let id = tokens["tokens"][0]["id"].as_str().unwrap();
    let revoked = owner.delete(&format!("/v1/auth/tokens/{id}")).await.expect(200);
    assert_eq!(revoked, json!({ "success": true }));
    for socket in [&mut app, &mut daemon] {
        timeout(PATIENCE, async { while socket.next().await.is_some_and(|said| said != "41") {} })
            .await
            .expect("the socket is closed");
    }
}

async fn connect(server: &Belvedere, token: &str, mut auth: Value) -> Wire {
    auth["token"] = token.into();
    Wire::connect(server.url(), &auth).await.unwrap()
}

/// The next packet of this kind.
async fn until(socket: &mut Wire, is_meant: impl Fn(&str) -> bool) -> String {
    let found = timeout(PATIENCE, async {
        loop {
            let said = socket.next().await.unwrap_or_else(|| panic!("the socket is closed"));
            if is_meant(&said) {
                return said.to_string();
            }
        }
    });
    found.await.unwrap_or_else(|_| panic!("it is not said"))
}
