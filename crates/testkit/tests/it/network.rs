//! The network: the control API means what its methods say. One network for all of it, because starting one takes seconds.

use serde_json::{Value, json};
use std::net::TcpStream;
use testkit::network::{AccountAction, Fault, Load, LoadCounts, Record};
use testkit::{HttpClient, Network, NetworkOptions};

const NOTE: &str = "com.example.demo.note";

fn note(text: &str) -> Value {
    json!({ "$type": NOTE, "text": text, "createdAt": "2025-01-01T00:00:00.000Z" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_starts_obeys_and_goes_away() {
    if !Network::is_installed() {
        return;
    }
    let options = NetworkOptions { accounts: 2, records: 3, lexicons: true, ..NetworkOptions::default() };
    let network = Network::start(options).await;
    accounts_and_records(&network).await;
    sessions(&network).await;
    load(&network).await;
    faults(&network).await;
    stream(&network).await;
    names(&network).await;

    let control = network.endpoints.control.trim_start_matches("http://").to_owned();
    assert!(TcpStream::connect(&control).is_ok());
    drop(network);
    assert!(TcpStream::connect(&control).is_err(), "it listens no more");
}

async fn accounts_and_records(network: &Network) {
    let seeded = network.accounts().await;
    assert_eq!(seeded.len(), 3, "two, and the publisher of the lexicons");
    assert_eq!(network.list_records(&seeded[0], NOTE).await.len(), 3);

    let alice = network.create_account("alice.test").await;
    assert_eq!(network.create_accounts(2).await.len(), 2);
    assert_eq!(network.seed(1, 120, &[NOTE]).await.records, 120);
    let many = network.accounts().await.pop().unwrap();
    assert_eq!(network.list_records(&many, NOTE).await.len(), 120, "every page of them");

    let written = network.create_record(&alice.did, NOTE, Some("first"), &note("one")).await;
    let record = Record { uri: written.uri, cid: written.cid, value: note("one") };
    assert_eq!(network.get_record(&alice, NOTE, "first").await, Some(record));
    let updated = network.update_record(&alice.did, NOTE, "first", &note("two")).await;
    assert_eq!(network.get_record(&alice, NOTE, "first").await.unwrap().cid, updated.cid);
    network.delete_record(&alice.did, NOTE, "first").await;
    assert_eq!(network.get_record(&alice, NOTE, "first").await, None);
    let write = |n| {
        json!({ "$type": "com.atproto.repo.applyWrites#create", "collection": NOTE, "rkey": format!("batch{n}"),
                "value": note("batch") })
    };
    network.apply_writes(&alice.did, &[write(1), write(2)]).await;
    assert_eq!(network.list_records(&alice, NOTE).await.len(), 2);

    network.set_handle(&alice.did, "alice2.test").await;
    network.set_status(&alice.did, AccountAction::Deactivate).await;
    let now = network.accounts().await.into_iter().find(|account| account.did == alice.did).unwrap();
    assert_eq!((now.handle.as_str(), now.active), ("alice2.test", false));
    network.set_status(&alice.did, AccountAction::Activate).await;
    assert_eq!(network.list_records(&alice, NOTE).await.len(), 2);
}

async fn sessions(network: &Network) {
    let bob = network.create_account("bob.test").await;
    let session = network.create_session(&bob).await;
    let written = session.create_record(NOTE, &note("by bob")).await;
    assert_eq!(network.list_records(&bob, NOTE).await[0].uri, written.uri);
}

async fn load(network: &Network) {
    let only_creations = LoadCounts { create: 1, ..LoadCounts::default() };
    let load = Load { rate: 50, seconds: 1, mix: only_creations, batch: 10, ..Load::default() };
    let status = network.run_load(&load).await;
    assert!(status.done > 0 && status.errors == 0, "{status:?}");
    assert_eq!(status.counts.create, status.done);
    let endless = network.start_load(&Load::default()).await;
    assert!(!network.stop_load(&endless.id).await.running);
}

async fn faults(network: &Network) {
    let pds = HttpClient::new(&network.endpoints.pds[0]);
    let health = "/xrpc/_health";
    let fault = Fault { status: 503, count: Some(1), ..Fault::at("pds", health) };
    let id = network.set_fault(&fault).await;
    assert_eq!(pds.get(health).await.status, 503);
    assert_eq!(pds.get(health).await.status, 200, "once");
    assert_eq!(network.fault_hits(id).await, 1);
    let id = network.set_fault(&Fault { drop: true, ..Fault::at("pds", health) }).await;
    let request = pds.request(reqwest::Method::GET, health);
    assert!(pds.try_send(request).await.is_err());
    network.clear_fault(id).await;
    network.set_fault(&Fault { status: 500, ..Fault::at("*", "") }).await;
    network.clear_faults().await;
    assert_eq!(pds.get(health).await.status, 200);
}

async fn stream(network: &Network) {
    network.settle().await;
    let before = network.jetstream_status().await;
    assert!(before.events > 120 && !before.paused && before.subscribers == 0, "{before:?}");
    network.pause_jetstream().await;
    assert!(network.jetstream_status().await.paused);
    network.resume_jetstream().await;
    let did = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    let event = json!({ "did": did, "kind": "identity", "identity": { "did": did, "handle": "x.test" } });
    network.inject_events(&[event]).await;
    network.inject_raw("not even JSON").await;
    network.disconnect_jetstream().await;
    let after = network.jetstream_status().await;
    assert!(after.events > before.events && after.last_time_us > before.last_time_us, "{after:?}");
}

async fn names(network: &Network) {
    let lookup = |name: &str| format!("/dns-query?type=TXT&name={name}");
    let control = HttpClient::new(&network.endpoints.control);
    network.set_dns("_atproto.somebody.test", &["did=did:web:somebody"]).await;
    assert!(control.get(&lookup("_atproto.somebody.test")).await.text.contains("did:web:somebody"));
    let lexicon = json!({ "lexicon": 1, "id": "org.example.thing", "defs": {} });
    let publisher = network.accounts().await.remove(0);
    network.publish_lexicons(&publisher.did, &[lexicon]).await;
    assert!(control.get(&lookup("_lexicon.example.org")).await.text.contains(&publisher.did));
    network.map_host("app.internal", "http://127.0.0.1:1").await;
}
