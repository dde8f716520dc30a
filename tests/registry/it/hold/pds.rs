//! With a real PDS: the token that it signs for its user, and what a subscriber hears.

use serde_json::json;
use testkit::{Belvedere, BelvedereOptions, Network, NetworkOptions};

use super::digest_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_a_pds_signs_is_good() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    let alice = network.create_account("alice.test").await;
    let folder = tempfile::tempdir().unwrap();
    let options =
        BelvedereOptions::new(folder.path()).at_a_port().with("APPS", "registry").in_network(&network);
    let server = Belvedere::start(&options.with("HOLD_ALLOW_ALL_CREW", "true")).await;
    let hold = server.client.get("/xrpc/com.atproto.server.describeServer").await.expect(200)["did"].clone();
    let hold = hold.as_str().unwrap();
    let session = network.create_session(&alice).await.client;
    let token = async |audience: &str, method: &str| {
        let query = [("aud", audience), ("lxm", method)];
        let path = "/xrpc/com.atproto.server.getServiceAuth";
        let answer = session.get_with(path, &query).await.expect(200);
        answer["token"].as_str().unwrap().to_owned()
    };
    let begin = "io.atcr.hold.initiateUpload";
    let call = async |audience: &str, method: &str| {
        let client = server.client.with_bearer(&token(audience, method).await);
        client.post(&format!("/xrpc/{begin}"), &json!({ "digest": digest_of("x") })).await
    };
    assert!(call(hold, begin).await.expect(200)["uploadId"].is_string());
    super::refused(&call(hold, "io.atcr.hold.abortUpload").await, 401, "AuthRequired");
    super::refused(&call("did:web:other.example", begin).await, 401, "AuthRequired");
    let request = "io.atcr.hold.requestCrew";
    let client = server.client.with_bearer(&token(hold, request).await);
    let made = client.post(&format!("/xrpc/{request}"), &json!({})).await.expect(200);
    assert_eq!(made["status"], "created");
}
