//! Somebody says who they are on GitHub, at a server that is configured as people do it, below a path, and killed on the way.

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use testkit::relay::log_in;
use testkit::{HttpClient, TestDatabase};
use tokio::net::TcpListener;

use super::relays::Relay;

/// A picture of one pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_connected_on_sqlite() {
    a_person_is_connected(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_connected_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        a_person_is_connected(database).await;
    }
}

async fn a_person_is_connected(database: TestDatabase) {
    let github = github().await;
    let settings = [
        ("BELVEDERE_DEV", "true"),
        ("BASE_PATH", "/view"),
        ("WEBAPP_URL", "https://app.example/at"),
        ("GITHUB_URL", &github),
        ("GITHUB_CLIENT_ID", "relay"),
        ("GITHUB_CLIENT_SECRET", "hush"),
        ("GITHUB_REDIRECT_URL", "https://relay.example/view/v1/connect/github/callback"),
    ];
    let relay = Relay::new(&Arc::new(database), &settings);
    let server = relay.start().await;
    let client = HttpClient::new(&format!("{}/view", server.url()));
    let person = client.with_bearer(&log_in(&client).await);
    let url = person.get("/v1/connect/github/params").await.expect(200)["url"].as_str().unwrap().to_owned();
    let state = url.rsplit_once("&state=").unwrap().1;
    server.kill();
    let server = relay.start().await;
    let back = format!("/v1/connect/github/callback?code=c&state={state}");
    for location in
        ["https://app.example/at?github=connected&user=ann", "https://app.example/at?error=invalid_state"]
    {
        let answer = client.get(&back).await;
        assert_eq!((answer.status, answer.header("location")), (302, location), "once");
    }
    let profile = person.get("/v1/account/profile").await.expect(200);
    assert_eq!((&profile["github"]["id"], &profile["username"]), (&json!(7), &json!("ann")));
    let picture = profile["avatar"]["url"].as_str().unwrap().strip_prefix(client.base()).unwrap();
    let shown = client.get(picture).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    assert_eq!(server.client.get(picture).await.status, 404, "outside of the path is nothing");
    assert_eq!(person.delete("/v1/connect/github").await.status, 200);
    assert_eq!(person.get("/v1/account/profile").await.expect(200)["github"], json!(null));
}

/// A server that answers as GitHub does, and knows one person.
async fn github() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let profile = json!({ "id": 7, "login": "ann", "name": "Ann", "avatar_url": format!("{url}/picture") });
    let exchange = async || Json(json!({ "access_token": "gho_x", "token_type": "bearer" }));
    let router = Router::new()
        .route("/login/oauth/access_token", post(exchange))
        .route("/api/v3/user", get(async move || Json(profile)))
        .route("/picture", get(async || data_encoding::BASE64.decode(PICTURE.as_bytes()).unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
