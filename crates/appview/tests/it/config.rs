//! `GET /config`.

use crate::harness::on_each_server;

#[tokio::test(flavor = "multi_thread")]
async fn describes_the_server() {
    on_each_server(|server| async move {
        let document = server.client.get("/config").await.expect(200);
        assert_eq!(document["database_backend"], server.store.state.engine().name());
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("config", document, {".database_backend" => "[engine]"});
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn has_no_identity_of_its_own() {
    on_each_server(|server| async move {
        let answer = server.client.get("/.well-known/did.json").await;
        assert_eq!(answer.expect(404), serde_json::json!({"error": "no DID document"}));
    })
    .await;
}
