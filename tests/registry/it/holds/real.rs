//! Two servers: people push through one into the hold of the other.

use bytes::Bytes;
use registry_conformance::Repository;
use registry_conformance::client::{Client, Request};
use registry_conformance::content::{Algorithm, Blob};
use serde_json::{Value, json};
use testkit::{Belvedere, HttpClient, Network, NetworkOptions};

use super::{hold_of, prefer, until};
use crate::extra::{image, refused};
use crate::ours::{ALICE, BOB, Registry};
use crate::pds::Person;
use crate::stubborn::{has_pushed_blob, pull, push, tags};

/// Alice has a hold, and pushes through a registry in whose own hold she has no rights.
struct Two {
    network: Network,
    alice: Person,
    registry: Registry,
    hold: Registry,
}

impl Two {
    async fn start(settings: &[(&str, &str)]) -> Option<Self> {
        Self::start_both(&[], settings).await
    }

    /// With settings of the registry, and of the hold.
    async fn start_both(registry: &[(&str, &str)], settings: &[(&str, &str)]) -> Option<Self> {
        if !Network::is_installed() {
            return None;
        }
        let network = Network::start(NetworkOptions::default()).await;
        let alice = Person::new(&network, ALICE).await;
        let registry = Registry::start_named(&network, registry).await;
        let settings = [&[("HOLD_OWNER", &*alice.account.did)], settings].concat();
        let hold = Registry::start_named(&network, &settings).await;
        // It is published in the background that it is a hold.
        until("the hold says what it is", async || is_published(&hold).await).await;
        prefer(&network, &alice, &json!({ "defaultHold": hold.hold() })).await;
        Some(Self { network, alice, registry, hold })
    }

    /// What the hold has counted of Alice's images.
    async fn stats(&self, did: &str) -> Value {
        stats(&self.hold, did).await
    }
}

async fn stats(hold: &Registry, did: &str) -> Value {
    let query = [("did", did), ("repo", "app")];
    HttpClient::new(hold.server.url()).get_with("/xrpc/io.atcr.hold.getStats", &query).await.expect(200)
}

async fn is_published(hold: &Registry) -> bool {
    let (did, collection) = (hold.hold(), "io.atcr.hold.captain");
    let query = [("repo", did.as_str()), ("collection", collection), ("rkey", "self")];
    let asked = HttpClient::new(hold.server.url()).get_with("/xrpc/com.atproto.repo.getRecord", &query).await;
    asked.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_goes_through_one_server_into_the_hold_of_another() {
    let Some(two) = Two::start(&[("HOLD_PUBLIC", "true")]).await else { return };
    let (client, anybody) =
        (two.alice.client(&two.registry), Client::new(&two.registry.public_target(ALICE)).unwrap());
    let app = Repository { client: &client, name: "alice.test/app" };
    let public = Repository { client: &anybody, ..app };
    let set = image(&["v1"]);
    push(app, &set).await.unwrap();
    let manifest = &set.manifests[0];
    assert_eq!(hold_of(&two.network, &two.alice, &manifest.digest).await, two.hold.hold());
    assert_eq!(pull(public, "v1").await.unwrap(), manifest.digest);

    // Several parts, and a range of them.
    let large = Blob::random(Algorithm::Sha256, (16 << 20) + 5);
    assert!(has_pushed_blob(app, &large).await.unwrap());
    let request = Request::get(public.path(&large.path())).with("range", "bytes=16777210-16777220");
    let answer = anybody.send(&request).await.unwrap().expect(&[206]).unwrap();
    answer.expect_body(&large.bytes[16_777_210..]).unwrap();

    let other = Repository { client: &client, name: "alice.test/other" };
    let query = format!("?mount={}&from=alice.test/app", set.blobs[1].digest);
    other.post(&query, Bytes::new()).await.unwrap().expect(&[201]).unwrap();
    other.get(&set.blobs[1].path()).await.unwrap().expect(&[200]).unwrap();

    let did = &two.alice.account.did;
    until("the pull is counted", async || two.stats(did).await["pullCount"].as_i64() >= Some(1)).await;
    assert_eq!(two.stats(did).await["pushCount"], 1);

    app.delete(&manifest.path()).await.unwrap().expect(&[202]).unwrap();
    refused(&public.get("manifests/v1").await.unwrap(), 404, "MANIFEST_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_is_killed_loses_nothing() {
    let Some(mut two) = Two::start(&[("HOLD_PUBLIC", "true")]).await else { return };
    let (client, anybody) =
        (two.alice.client(&two.registry), Client::new(&two.registry.public_target(ALICE)).unwrap());
    let app = Repository { client: &client, name: "alice.test/app" };
    let public = Repository { client: &anybody, ..app };
    let (first, second) = (image(&["v1"]), image(&["v2"]));
    push(app, &first).await.unwrap();
    two.hold.server.kill();
    public.get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    let blob = public.get(&first.blobs[0].path()).await.unwrap();
    refused(&blob, 503, "UNKNOWN");
    assert!(blob.header("retry-after").is_some());
    assert!(push(app, &second).await.is_err());
    assert_eq!(tags(public).await.unwrap(), ["v1"]);
    two.hold.server = Belvedere::start(&two.hold.options).await;
    until("it goes on", async || push(app, &second).await.is_ok()).await;
    for tag in ["v1", "v2"] {
        pull(public, tag).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_hold_takes_people_on_and_has_room_for_some() {
    let folder = tempfile::tempdir().unwrap();
    let tiers = folder.path().join("tiers.json");
    let quota = r#"{"tiers":{"small":{"quota":"6KB"}},"defaults":{"new_crew_tier":"small"}}"#;
    std::fs::write(&tiers, quota).unwrap();
    let settings = [
        ("HOLD_PUBLIC", "false"),
        ("HOLD_ALLOW_ALL_CREW", "true"),
        ("REGISTRY_QUOTA_FILE", tiers.to_str().unwrap()),
    ];
    let Some(two) = Two::start(&settings).await else { return };
    let bob = Person::new(&two.network, BOB).await;
    prefer(&two.network, &bob, &json!({ "defaultHold": two.hold.hold() })).await;
    let (client, anybody) =
        (bob.client(&two.registry), Client::new(&two.registry.public_target(BOB)).unwrap());
    let app = Repository { client: &client, name: "bob.test/app" };
    let (first, second) = (image(&["v1"]), image(&["v2"]));
    push(app, &first).await.unwrap();
    assert_eq!(pull(app, "v1").await.unwrap(), first.manifests[0].digest);
    let public = Repository { client: &anybody, ..app };
    public.get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    refused(&public.get(&first.blobs[0].path()).await.unwrap(), 401, "UNAUTHORIZED");

    let refusal = push(app, &second).await.unwrap_err().to_string();
    assert!(refusal.contains("DENIED") && refusal.contains("has no room"), "{refusal}");
    assert_eq!(tags(app).await.unwrap(), ["v1"]);
    assert_eq!(two.network.list_records(&bob.account, "io.atcr.manifest").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_the_sum_of_what_all_holds_of_a_repository_say() {
    let all = [("HOLD_ALLOW_ALL_CREW", "true")];
    let Some(two) = Two::start_both(&all, &[]).await else { return };
    let (client, anybody) =
        (two.alice.client(&two.registry), Client::new(&two.registry.public_target(ALICE)).unwrap());
    let app = Repository { client: &client, name: "alice.test/app" };
    let public = Repository { client: &anybody, ..app };
    push(app, &image(&["there"])).await.unwrap();
    prefer(&two.network, &two.alice, &json!({ "defaultHold": two.registry.hold() })).await;
    until("an image is here", async || {
        let set = image(&["here"]);
        push(app, &set).await.unwrap();
        hold_of(&two.network, &two.alice, &set.manifests[0].digest).await == two.registry.hold()
    })
    .await;
    for tag in ["there", "here"] {
        pull(public, tag).await.unwrap();
    }
    let did = &two.alice.account.did;
    for hold in [&two.hold, &two.registry] {
        until("the pull is counted", async || stats(hold, did).await["pullCount"] == 1).await;
    }
    let of_hold = async |hold| stats(hold, did).await["pushCount"].as_u64().unwrap();
    let pushes = of_hold(&two.hold).await + of_hold(&two.registry).await;
    let asked = [("repository", "alice.test/app")];
    let server = HttpClient::new(two.registry.server.url());
    let counted = server.get_with("/api/registry/repos/stats", &asked).await.expect(200);
    assert_eq!((&counted["pulls"], &counted["pushes"]), (&json!(2), &json!(pushes)), "{counted}");
    assert_eq!(counted["partial"], false);
    let of_alice = server.get("/api/registry/users/alice.test").await.expect(200);
    assert_eq!(of_alice["repositories"][0]["stats"]["pulls"], 2, "{of_alice}");
}
