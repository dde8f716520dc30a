//! What clients call things does not become a time series each.

use std::sync::Arc;

use serde_json::json;
use testkit::TestDatabase;
use testkit::relay::{Wire, log_in};

use super::relays::Relay;

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_the_servers_own_words() {
    let relay = Relay::new(&Arc::new(TestDatabase::sqlite()), &[]);
    let server = relay.start().await;
    let token = log_in(&server.client).await;
    let client = server.client.with_bearer(&token).with_header("x-happy-client", "zebra/1");
    for path in ["/v1/zebra", "/v1/kv/zebra", "/v1/sessions/zebra/messages", "/v3/zebra"] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
    let auth = json!({ "token": token, "clientType": "zebra-scoped", "happyClient": "zebra/1" });
    let mut socket = Wire::connect(server.url(), &auth).await.unwrap();
    for packet in [
        r#"42["zebra",{}]"#,
        r#"42["rpc-register",{"method":"m:zebra"}]"#,
        r#"421["rpc-call",{"method":"m:zebra","params":"x"}]"#,
        r#"422["usage-report",{"key":"zebra","tokens":{"total":1,"zebra":1},"cost":{"total":1}}]"#,
    ] {
        socket.send(packet.to_owned()).await;
    }
    // Its own call is refused, after everything before it.
    let mut answers = 0;
    while answers < 2 {
        answers += usize::from(socket.next().await.unwrap().starts_with("43"));
    }
    let metrics = server.metrics().await;
    let other = r#"client="other",client_type="other""#;
    let sockets = format!("websocket_connections_total{{{other},type=\"user-scoped\"}} 1\n");
    assert!(
        metrics.contains(&sockets) && metrics.contains(&format!("route=\"/v1/kv/{{key}}\",{other}")),
        "{metrics}"
    );
    assert!(metrics.contains(r#"rpc_lookup_retries_bucket{method="other",le="0"} 1"#), "{metrics}");
    assert!(metrics.contains(r#"rpc_calls_total{method="other",result="self_call"} 1"#), "{metrics}");
    assert!(!metrics.contains("zebra"), "{metrics}");
}
