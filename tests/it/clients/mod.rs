//! Published clients and a browser, as they are, on a real network: they sign in, read and write, and leave.

mod page;
pub(crate) mod programs;
mod stage;

use std::path::Path;

use serde_json::{Value, json};
use testkit::TestDatabase;

use self::stage::{ApiClient, NOTE, NOTES_SET, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn published_clients_work_on_sqlite() {
    published_clients_work(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn published_clients_work_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        published_clients_work(database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_works_on_sqlite() {
    a_browser_works(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_works_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        a_browser_works(database).await;
    }
}

async fn published_clients_work(database: TestDatabase) {
    let Some(scene) = stage::scene(database).await else { return };
    let server = scene.place.start().await;
    let stage = Stage::set(&scene, &server).await;
    let did = stage.known_by_did_plc().await;
    let first = happyview_public(&stage).await;
    let second = happyview_confidential(&stage, &did).await;
    let notes = [second, first];
    oauth_client_node(&stage, &did, &notes).await;
    api(&stage, &did, &notes).await;
    let did = stage.known_by_did_web().await;
    api(&stage, &did, &notes).await;
}

async fn a_browser_works(database: TestDatabase) {
    let Some(browser) = programs::browser() else { return };
    let Some(scene) = stage::scene(database).await else { return };
    let server = scene.place.start().await;
    let stage = Stage::set(&scene, &server).await;
    page::signing_in(&scene.network, server.url(), &browser).await;
    app_of_another_origin(&stage, &browser).await;
}

async fn happyview_public(stage: &Stage<'_>) -> String {
    let client =
        ApiClient { client_type: "public", callback: "http://127.0.0.1:7777/public", scopes: &scopes() };
    let seen = stage.run("happyview-client.mjs", json!({ "client": stage.register(client).await }));
    let registered = json!({ "did": stage.user.did, "scopes": ["atproto", format!("repo:{NOTE}")] });
    assert_eq!(seen["registered"], registered);
    came_and_went(stage, &seen).await
}

/// With scopes that a permission set stands for, which the PDS spells out and the server knows by its lexicon.
async fn happyview_confidential(stage: &Stage<'_>, did: &str) -> String {
    let scopes = format!("atproto include:{NOTES_SET}?aud={did}%23{}", stage::FRAGMENT);
    let callback = "http://127.0.0.1:7777/confidential";
    let client = ApiClient { client_type: "confidential", callback, scopes: &scopes };
    let seen = stage.run("happyview-client.mjs", json!({ "client": stage.register(client).await }));
    let granted = seen["registered"]["scopes"].as_array().unwrap();
    assert!(
        granted.iter().any(|scope| scope.as_str().unwrap().starts_with("repo?collection=")),
        "{granted:?}"
    );
    came_and_went(stage, &seen).await
}

/// The reference OAuth client is passed on by the user's PDS, in the user's name.
async fn oauth_client_node(stage: &Stage<'_>, did: &str, notes: &[String]) {
    let before = stage.accepted_tokens().await;
    let seen = stage.run("oauth-client-node.mjs", json!({ "service": stage::service(did) }));
    assert_eq!(seen["did"], stage.user.did);
    assert_eq!(seen["listed"], json!(notes));
    assert_eq!(stage.accepted_tokens().await, before + 1);
}

/// The reference API client: as nobody, with a token of its own, and through the PDS.
async fn api(stage: &Stage<'_>, did: &str, notes: &[String]) {
    let before = stage.accepted_tokens().await;
    let seen = stage.run("api.mjs", json!({ "service": stage::service(did) }));
    for way in ["anonymous", "withServiceAuth", "proxied"] {
        assert_eq!(seen[way], json!(notes), "{way}");
    }
    assert_eq!(seen["replayed"], 401);
    assert_eq!(seen["misused"], 401);
    assert_eq!(stage.accepted_tokens().await, before + 2);
}

/// HappyView's client for browsers where it belongs. Its pages are on a free port, which a callback without one allows.
async fn app_of_another_origin(stage: &Stage<'_>, browser: &Path) {
    let client =
        ApiClient { client_type: "public", callback: "http://127.0.0.1/callback", scopes: &scopes() };
    let given = json!({ "client": stage.register(client).await, "browser": browser });
    let seen = stage.run("browser-app.mjs", given);
    came_and_went(stage, &seen).await;
}

/// What every HappyView client must have seen. Returns the URI of the note it wrote.
async fn came_and_went(stage: &Stage<'_>, seen: &Value) -> String {
    assert_eq!(seen["did"], stage.user.did);
    assert_eq!(seen["registered"]["did"], stage.user.did);
    let uri = seen["written"]["uri"].as_str().unwrap();
    let note = stage.note_in_repository(uri).await;
    assert_eq!(seen["written"]["cid"], note.cid);
    assert_eq!(note.value["$type"], NOTE);
    assert!(note.value["text"].as_str().unwrap().starts_with("written "), "{}", note.value);
    assert_eq!(seen["listed"][0], uri, "one reads what one has written");
    assert_eq!(seen["listedAgain"], seen["listed"]);
    assert_eq!(seen["statusAfterLogout"], 401);
    assert_eq!(seen["kept"], Value::Null);
    uri.to_owned()
}

fn scopes() -> String {
    format!("atproto repo:{NOTE}")
}
