//! While the database is away.

use std::time::Duration;

use serde_json::{Value, json};
use store::Store;

use crate::site::on_each_site;
use crate::socket::Socket;

async fn rename(store: &Store, from: &'static str, to: &'static str) {
    let sql = format!("ALTER TABLE {from} RENAME TO {to}");
    let renamed: Result<(), store::Error> = store.state.write(move |conn| conn.batch(&sql)).await;
    renamed.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_waits_for_it_and_is_not_refused() {
    on_each_site(|site| async move {
        let person = site.person().await;
        rename(&site.store, "sync_tokens", "sync_away").await;
        let auth = json!({ "token": person.token });
        let base = site.client.base().to_owned();
        let connecting = tokio::spawn(async move { Socket::connect(&base, auth).await });
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert!(!connecting.is_finished(), "it is neither let in nor refused");
        rename(&site.store, "sync_away", "sync_tokens").await;
        let socket = connecting.await.unwrap().unwrap();
        assert_eq!(socket.ask("ping", &Value::Null).await, json!({}));
        let nobody = Socket::connect(site.client.base(), json!({ "token": "x" })).await;
        assert_eq!(nobody.err().unwrap(), "Invalid authentication token");
    })
    .await;
}
