//! Apps, and the people who use them.

use accounts::clients::NewClient;
use serde_json::{Value, json};
use testkit::{Account, Answer, App, Browser, Device, HttpClient, Network, OAuthClient};

use crate::harness::Server;

/// What apps of tests may do for their users.
pub(crate) const SCOPES: &str = "atproto transition:generic";

/// A public app that calls as often as a test likes.
pub(crate) async fn app(server: &Server, name: &str) -> App {
    let client = NewClient {
        name: name.to_owned(),
        client_id_url: OAuthClient::new(name, SCOPES).id,
        client_uri: "http://localhost".to_owned(),
        redirect_uris: vec![format!("http://127.0.0.1:7777/{name}")],
        scopes: Some(SCOPES.to_owned()),
        client_type: Some("public".to_owned()),
        allowed_origins: None,
        rate_limit_capacity: Some(10_000),
        rate_limit_refill_rate: None,
    };
    let client = server.accounts.clients.create(None, client).await.unwrap().client;
    App::new(server.client.base(), &server.client, &client.client_key, None)
}

/// Somebody signs in with their PDS on a new device.
pub(crate) async fn sign_in(app: &App, name: &str, network: &Network, account: &Account) -> Device {
    app.sign_in(network, account, &OAuthClient::new(name, SCOPES)).await
}

/// An app hands over a token that it says is somebody's.
pub(crate) async fn hand_over(app: &App, did: &str, token: &str) -> Device {
    let (provision_id, key) = app.provision().await;
    let body = json!({
        "provision_id": provision_id, "pkce_verifier": App::VERIFIER, "did": did, "access_token": token,
        "scopes": SCOPES,
    });
    let answer = app.http.post("/oauth/sessions", &body).await.expect(201);
    app.device(&provision_id, key, answer["session_id"].as_str().unwrap(), token)
}

/// A page of the server's own, in the browser of somebody who is signed in.
pub(crate) async fn page(server: &Server, network: &Network, account: &Account) -> HttpClient {
    let browser = Browser::new(&server.client);
    browser.sign_in(network, account, SCOPES).await;
    browser.http()
}

/// A call of a procedure.
pub(crate) async fn call(device: &Device, nsid: &str, body: &Value) -> Answer {
    device.post(&format!("/xrpc/{nsid}"), body).await
}
