//! The simulated network: its servers speak the protocol, its liars lie as described, its oracle knows the truth.

mod accounts;
mod conduct;
mod directory;
mod firehose;
mod lies;
mod mixed;
mod pages;
mod proofs;
mod stream;

use std::collections::BTreeMap;

use atproto::{Did, Nsid, RecordKey};
use bytes::Bytes;
use serde_json::{Value, json};
use testkit::HttpClient;
use testkit::sim::{Expected, Plan, Sim};

fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

fn note() -> Nsid {
    nsid("com.example.demo.note")
}

fn rkey(text: &str) -> RecordKey {
    RecordKey::parse(text).unwrap()
}

fn text(text: &str) -> Value {
    json!({ "$type": "com.example.demo.note", "text": text, "createdAt": "2025-06-01T00:00:00Z" })
}

/// One host, with one account that has so many notes.
async fn one_account(records: u32) -> (Sim, Did) {
    let sim = Sim::start(Plan::normal(7, 1, 1, &[note()], records)).await;
    let did = sim.accounts().remove(0);
    (sim, did)
}

fn client(sim: &Sim, host: usize) -> HttpClient {
    HttpClient::new(sim.host(host).as_str())
}

/// All pages of a collection, as the account's host lists them.
async fn list(sim: &Sim, did: &Did, collection: &Nsid) -> BTreeMap<String, Expected> {
    let host = client(sim, sim.host_of(did));
    let mut records = BTreeMap::new();
    let mut cursor = None::<String>;
    loop {
        let mut query = vec![("repo", did.as_str()), ("collection", collection.as_str()), ("limit", "100")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = host.get_with("/xrpc/com.atproto.repo.listRecords", &query).await.expect(200);
        for record in page["records"].as_array().unwrap() {
            let text = |name: &str| record[name].as_str().unwrap().to_owned();
            records.insert(text("uri"), Expected { cid: text("cid"), json: record["value"].clone() });
        }
        cursor = page["cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return records;
        }
    }
}

/// The status and body of a sync method about an account.
async fn sync(sim: &Sim, did: &Did, method: &str, more: &[(&str, &str)]) -> (u16, Bytes) {
    let host = client(sim, sim.host_of(did));
    let query = [&[("did", did.as_str())], more].concat();
    let request =
        host.request(reqwest::Method::GET, &format!("/xrpc/com.atproto.sync.{method}")).query(&query);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap())
}

/// The body of a sync method that must succeed.
async fn car(sim: &Sim, did: &Did, method: &str, more: &[(&str, &str)]) -> Bytes {
    let (status, body) = sync(sim, did, method, more).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    body
}

/// The account's DID document.
async fn document(sim: &Sim, did: &Did) -> Value {
    HttpClient::new(sim.plc().as_str()).get(&format!("/{did}")).await.expect(200)
}

/// The key by which the account's commits are verified.
async fn key(sim: &Sim, did: &Did) -> Box<dyn shrike::crypto::VerifyingKey> {
    let document = document(sim, did).await;
    let key = document["verificationMethod"][0]["publicKeyMultibase"].as_str().unwrap();
    shrike::crypto::parse_did_key(&format!("did:key:{key}")).unwrap()
}

fn shrike_did(did: &Did) -> shrike::syntax::Did {
    shrike::syntax::Did::try_from(did.as_str()).unwrap()
}
