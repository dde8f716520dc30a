//! Asked to end with sockets open, it does so at once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::TestDatabase;
use testkit::relay::{Wire, log_in};

use super::relays::Relay;

const SOCKETS: usize = 100;
const TIME_LIMIT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_sockets_open_on_sqlite() {
    it_ends_with_sockets_open(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_sockets_open_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        it_ends_with_sockets_open(database).await;
    }
}

async fn it_ends_with_sockets_open(database: TestDatabase) {
    let relay = Relay::new(&Arc::new(database), &[]);
    let server = relay.start().await;
    let token = log_in(&server.client).await;
    let mut sockets = Vec::new();
    for number in 0..SOCKETS {
        let auth =
            json!({ "token": token, "clientType": "machine-scoped", "machineId": format!("m{number}") });
        sockets.push(Wire::connect(server.url(), &auth).await.unwrap());
    }
    // One waits for somebody to answer.
    sockets[0].send(r#"421["rpc-call",{"method":"nobody:there"}]"#.to_owned()).await;
    let ended = server.terminate().await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.took < TIME_LIMIT, "{ended:?}");
    for socket in &mut sockets {
        while socket.next().await.is_some() {}
    }
}
