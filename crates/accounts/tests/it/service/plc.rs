//! The loopback network's PLC directory, which validates operations with the directory's own library.

use atproto::{
    Did,
    crypto::PrivateKey,
    plc::{self, Operation},
};
use serde_json::{Value, json};
use store::Store;
use testkit::{HttpClient, Network, NetworkOptions, network::Fault};

use super::{Site, answers, site::Shared, token::METHOD};
use crate::support::on_each_engine;

/// A site that is to become a `did:plc`, with an entry `#demo`.
async fn site(store: &Store, network: &Network) -> Site {
    let site = Site::instance(&Shared::new(store).network(network)).await;
    answers(204, &site.admin.post("/api/setup/identity", &json!({ "mode": "did_plc" })).await);
    add_entry(&site, "#demo").await;
    site
}

async fn add_entry(site: &Site, fragment: &str) -> i64 {
    let entry = json!({ "fragment_id": fragment, "service_type": "DemoService" });
    site.admin.post("/admin/service-entries", &entry).await.expect(201)["id"].as_i64().unwrap()
}

async fn register(site: &Site) -> String {
    let answer = site.admin.post("/api/setup/plc/register", &json!({})).await.expect(200);
    answer["did"].as_str().unwrap().to_owned()
}

/// What the directory answers about a DID.
async fn directory(network: &Network, path: &str) -> Value {
    HttpClient::new(&network.endpoints.plc).get(&format!("/{path}")).await.expect(200)
}

async fn operations(network: &Network, did: &str) -> usize {
    directory(network, &format!("{did}/log")).await.as_array().unwrap().len()
}

async fn sync(site: &Site, status: u16) -> Value {
    site.admin.post("/admin/service-entries/sync-plc", &json!({})).await.expect(status)
}

/// Changes the DID from elsewhere, with the key that its owner keeps in a safe.
async fn change_elsewhere(network: &Network, did: &str, key: &PrivateKey, change: impl Fn(&mut Operation)) {
    let log = directory(network, &format!("{did}/log")).await.to_string();
    let mut next = plc::latest(log.as_bytes(), &Did::parse(did).unwrap()).unwrap().next().unwrap();
    change(&mut next);
    let signed = next.sign(key).unwrap();
    answers_ok(network, did, signed.json()).await;
}

async fn answers_ok(network: &Network, did: &str, operation: &Value) {
    let answer = HttpClient::new(&network.endpoints.plc).post(&format!("/{did}"), operation).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_did_is_registered_found_and_kept_up_to_date() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let account = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let verified = async || site.admin.get("/api/setup/status").await.expect(200)["plc_verified"].clone();
        assert_eq!(verified().await, false);
        let did = register(&site).await;
        assert_eq!(register(&site).await, did, "once is enough");
        let document = directory(&network, &did).await;
        let expected = json!([{ "id": "#demo", "type": "DemoService", "serviceEndpoint": site.origin }]);
        assert_eq!(document["service"], expected);
        let key = &document["verificationMethod"][0];
        assert_eq!(key["id"], format!("{did}#atproto"));
        assert!(key["publicKeyMultibase"].as_str().unwrap().starts_with("zDn"), "P-256");
        assert_eq!(site.admin.get("/admin/service-identity").await.expect(200)["did"], json!(did));
        assert_eq!(verified().await, true);

        let user = network.create_session(&account).await.client;
        let through = user.with_header("atproto-proxy", &format!("{did}#demo"));
        let answer = through.get(&format!("/xrpc/{METHOD}")).await.expect(200);
        assert_eq!(answer, json!({ "issuer": account.did }), "a PDS proxies to it");

        add_entry(&site, "#more").await;
        answers(
            201,
            &site.admin.post("/admin/verification-methods", &json!({ "fragment_id": "#key1" })).await,
        );
        assert_eq!(verified().await, false);
        sync(&site, 204).await;
        assert_eq!((verified().await, operations(&network, &did).await), (json!(true), 2));
        sync(&site, 204).await;
        assert_eq!(operations(&network, &did).await, 2, "nothing to say");
        answers(204, &site.admin.post("/api/setup/complete", &json!({})).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_put_into_the_document_stays() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let did = register(&site).await;
        let key = site.admin.request(reqwest::Method::GET, "/api/setup/rotation-key").send().await.unwrap();
        let key = PrivateKey::p256(key.bytes().await.unwrap()[..].try_into().unwrap()).unwrap();
        let other = PrivateKey::generate_k256().public().did_key();
        let foreign = plc::Service { kind: "T".into(), endpoint: "https://elsewhere.example.com".into() };
        change_elsewhere(&network, &did, &key, |next| {
            next.also_known_as.push("at://service.example.com".into());
            next.rotation_keys.push(other.clone());
            next.services.insert("foreign".into(), foreign.clone());
            next.verification_methods.insert("theirs".into(), other.clone());
        })
        .await;

        add_entry(&site, "#more").await;
        answers(204, &site.admin.delete("/admin/service-entries/1").await);
        sync(&site, 204).await;
        let data = directory(&network, &format!("{did}/data")).await;
        let services: Vec<_> = data["services"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(services, ["foreign", "more"]);
        assert_eq!(data["services"]["foreign"]["endpoint"], "https://elsewhere.example.com");
        assert_eq!(data["alsoKnownAs"], json!(["at://service.example.com"]));
        assert_eq!(data["rotationKeys"], json!([key.public().did_key(), other]));
        assert_eq!(data["verificationMethods"]["theirs"], json!(other));

        add_entry(&site, "#foreign").await;
        let refused = sync(&site, 409).await;
        assert!(refused["error"].as_str().unwrap().contains("another `#foreign`"), "{refused}");
        assert_eq!(directory(&network, &format!("{did}/data")).await, data);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_no_longer_change_the_did_is_told_so() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let did = register(&site).await;
        let key = site.admin.request(reqwest::Method::GET, "/api/setup/rotation-key").send().await.unwrap();
        let key = PrivateKey::p256(key.bytes().await.unwrap()[..].try_into().unwrap()).unwrap();
        let other = PrivateKey::generate_k256().public().did_key();
        change_elsewhere(&network, &did, &key, |next| next.rotation_keys = vec![other.clone()]).await;
        add_entry(&site, "#more").await;
        let refused = sync(&site, 400).await;
        assert!(refused["error"].as_str().unwrap().contains("may no longer change the DID"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_registration_goes_on_with_the_same_did() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let path = "/api/setup/plc/register";
        let fault = network.set_fault(&Fault { status: 500, ..Fault::at("plc", "POST /did:plc:") }).await;
        answers(502, &site.admin.post(path, &json!({})).await);
        network.clear_fault(fault).await;
        let begun = genesis(&store).await.expect("it is kept before it is submitted");
        // Meanwhile the entries change, but the DID is the hash of what was begun.
        add_entry(&site, "#more").await;
        // The directory took it, and the answer was lost.
        let did = plc::SignedOperation::parse(begun.as_bytes()).unwrap().did().unwrap().to_string();
        answers_ok(&network, &did, &serde_json::from_str(&begun).unwrap()).await;
        assert_eq!(register(&site).await, did);
        assert_eq!((genesis(&store).await, operations(&network, &did).await), (None, 1));
        sync(&site, 204).await;
        assert_eq!(directory(&network, &did).await["service"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_register_at_once_one_does() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let body = json!({});
        let registers = (0..4).map(|_| site.admin.post("/api/setup/plc/register", &body));
        for answer in futures::future::join_all(registers).await {
            assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
        }
        let did = register(&site).await;
        assert_eq!(operations(&network, &did).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_their_mind_after_the_setup_registers_by_synchronising() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network)).await;
        site.expose().await;
        answers(204, &site.admin.post("/api/setup/complete", &json!({})).await);
        answers(204, &site.admin.put("/admin/service-identity", &json!({ "mode": "did_plc" })).await);
        answers(403, &site.admin.post("/api/setup/plc/register", &json!({})).await);
        sync(&site, 204).await;
        let identity = site.admin.get("/admin/service-identity").await.expect(200);
        let did = identity["did"].as_str().unwrap();
        assert_eq!(directory(&network, did).await["service"][0]["id"], "#demo");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_passed_on_and_another_attempt_starts_afresh() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions::default()).await;
    on_each_engine(async |store| {
        let site = site(&store, &network).await;
        let body = Some(json!({ "message": "Not today" }));
        let fault = Fault { status: 400, body, ..Fault::at("plc", "POST /did:plc:") };
        let fault = network.set_fault(&fault).await;
        let refused = site.admin.post("/api/setup/plc/register", &json!({})).await.expect(502);
        network.clear_fault(fault).await;
        assert!(refused["error"].as_str().unwrap().ends_with("Not today"), "{refused}");
        assert_eq!(genesis(&store).await, None);
        add_entry(&site, "#more").await;
        let did = register(&site).await;
        assert_eq!(directory(&network, &did).await["service"].as_array().unwrap().len(), 2);
    })
    .await;
}

/// The operation of a registration that is under way.
async fn genesis(store: &Store) -> Option<String> {
    let found = store.state.read(|conn| {
        conn.query_one("SELECT genesis FROM service_identity", &[], |row| {
            Ok::<_, store::Error>(row.opt_text(0)?.map(str::to_owned))
        })
    });
    found.await.unwrap()
}
