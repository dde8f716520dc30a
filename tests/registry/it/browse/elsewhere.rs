//! People whose records are at a real PDS, and who sign in there.

use registry_conformance::Repository;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Account, Browser, HttpClient, NetworkOptions};

use super::{plain, put, read, send};
use crate::ours::Registry;
use crate::pds::Elsewhere;
use crate::stubborn::push;

const OF: &str = "?repository=alice.test/app";

#[tokio::test(flavor = "multi_thread")]
async fn stars_and_pages_are_written_to_the_pds_and_read_from_there() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let first = Registry::start_in(&elsewhere.network).await;
    let alice = elsewhere.alice().client(&first);
    push(Repository { client: &alice, name: "alice.test/app" }, &plain(&["v1"])).await.unwrap();

    let bob = signed_in(&elsewhere, &first, &elsewhere.bob().account).await;
    let given = send(&bob, Method::POST, &format!("/stars{OF}")).await.expect(200);
    assert_eq!(given, json!({ "starred": true, "stars": 1 }));
    let list = format!(
        "/xrpc/com.atproto.repo.listRecords?repo={}&collection=io.atcr.sailor.star",
        elsewhere.bob().account.did
    );
    let pds = HttpClient::new(&elsewhere.network.endpoints.pds[0]);
    let records = pds.get(&list).await.expect(200);
    assert_eq!(records["records"].as_array().unwrap().len(), 1);

    let owner = signed_in(&elsewhere, &first, &elsewhere.alice().account).await;
    let written = put(&owner, &format!("/repos/page{OF}"), &json!({ "description": "# Hello" })).await;
    assert_eq!(written.status, 204, "{written:?}");
    assert_eq!(put(&bob, &format!("/repos/page{OF}"), &json!({ "description": "no" })).await.status, 403);

    // A server that nothing was pushed through asks the owner's PDS when somebody looks.
    let second = Registry::start_in(&elsewhere.network).await;
    let anybody = &second.server.client;
    let user = read(anybody, "/users/alice.test").await;
    assert_eq!(
        (&user["repositories"][0]["name"], &user["partial"]),
        (&json!("alice.test/app"), &json!(false))
    );
    let readme = read(anybody, &format!("/repos/readme{OF}")).await;
    assert_eq!((&readme["source"], &readme["markdown"]), (&json!("page"), &json!("# Hello")));
    let tags = read(anybody, &format!("/repos/tags{OF}")).await;
    assert_eq!(tags["tags"][0]["name"], "v1");

    assert_eq!(send(&bob, Method::DELETE, &format!("/stars{OF}")).await.expect(200)["stars"], 0);
    assert_eq!(pds.get(&list).await.expect(200)["records"], Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hold_of_an_older_record_is_shown_until_something_else_is_said() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let bob = &elsewhere.bob().account;
    let older = json!({
        "$type": "io.atcr.hold", "endpoint": "https://hold.test", "owner": bob.did,
        "createdAt": "2025-01-01T00:00:00Z",
    });
    elsewhere.network.create_record(&bob.did, "io.atcr.hold", Some("mine"), &older).await;
    let registry = Registry::start_in(&elsewhere.network).await;
    let browser = signed_in(&elsewhere, &registry, bob).await;
    let shown = read(&browser, "/settings").await;
    assert_eq!(
        (&shown["default_hold"], &shown["auto_remove_untagged"]),
        (&json!("did:web:hold.test"), &json!(false))
    );
    let edit = json!({ "default_hold": null, "auto_remove_untagged": true });
    assert_eq!(put(&browser, "/settings", &edit).await.status, 204);
    let shown = read(&browser, "/settings").await;
    assert_eq!((&shown["default_hold"], &shown["auto_remove_untagged"]), (&Value::Null, &json!(true)));
}

/// A browser in which somebody is signed in who is no user of the server and need not be one.
async fn signed_in(elsewhere: &Elsewhere, registry: &Registry, account: &Account) -> HttpClient {
    let browser = Browser::new(&registry.server.client);
    let begun = browser.get(&format!("/api/registry/sign-in?handle={}&to=/r/x", account.handle)).await;
    assert_eq!(begun.status, 303, "{begun:?}");
    let (handle, password) = (&account.handle, &account.password);
    let back = elsewhere.network.approve_oauth(&begun.location(), handle, password).await;
    let back = browser.get(back.strip_prefix(registry.server.url()).unwrap()).await;
    assert!(back.location().ends_with("/r/x"), "{back:?}");
    browser.http()
}
