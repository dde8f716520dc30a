//! Each lie is the one that is described, and no other.

use std::collections::BTreeSet;

use atproto::Did;
use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;
use shrike::repo::{ProofError, RepoError, verify_record_proof, verify_records};
use shrike::syntax::{Nsid, RecordKey};
use testkit::sim::{Behaviour, Expected, Lie, Plan, Sim};

use super::{car, client, key, list, note, rkey, shrike_did, text};

async fn liar(lie: Lie) -> (Sim, Did) {
    let sim = Sim::start(Plan::normal(8, 1, 2, &[note()], 120)).await;
    sim.behave(0, Behaviour::Lying(lie));
    let did = sim.accounts().remove(0);
    assert!(sim.expected(&[note()]).is_empty());
    assert_eq!(sim.permitted(&[note()]).len(), 240);
    assert_eq!(sim.untrusted(), sim.accounts().into_iter().collect());
    (sim, did)
}

/// What a verifier makes of the export: how many records.
async fn verified(sim: &Sim, did: &Did) -> Result<usize, ProofError> {
    let export = car(sim, did, "getRepo", &[]).await;
    let records = verify_records(&export, &shrike_did(did), &*key(sim, did).await)?;
    // A missing node is skipped by the verifier, not by a reader that wants everything.
    shrike::repo::Repo::load_car(&export).map_err(ProofError::InvalidCommit)?;
    Ok(records.len())
}

/// What a verifier makes of a proof of the newest record.
async fn proven(sim: &Sim, did: &Did) -> Result<bool, ProofError> {
    let newest = sim.served(did).into_keys().next_back().unwrap();
    let newest = newest.rsplit('/').next().unwrap();
    let query = [("collection", note().to_string()), ("rkey", newest.to_owned())];
    let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let proof = car(sim, did, "getRecord", &query).await;
    let (collection, rkey) = (Nsid::try_from(note().as_str()).unwrap(), RecordKey::try_from(newest).unwrap());
    let key = key(sim, did).await;
    Ok(verify_record_proof(&proof, &shrike_did(did), &*key, &collection, &rkey)?.record.is_some())
}

async fn page(sim: &Sim, did: &Did, cursor: &str) -> (Vec<String>, Value) {
    let path =
        format!("/xrpc/com.atproto.repo.listRecords?repo={did}&collection={}&limit=50{cursor}", note());
    let page = client(sim, 0).get(&path).await.expect(200);
    let uris = page["records"].as_array().unwrap().iter();
    (uris.map(|record| record["uri"].as_str().unwrap().to_owned()).collect(), page["cursor"].clone())
}

/// Whether the CID of a record is that of its content.
fn fits(record: &Expected) -> bool {
    let block = shrike::cbor::json::json_to_drisl(&record.json, shrike::cbor::json::Integers::Safe).unwrap();
    shrike::cbor::Cid::compute(shrike::cbor::Codec::Drisl, &block).to_string() == record.cid
}

#[tokio::test]
async fn bad_signature() {
    let (sim, did) = liar(Lie::BadSignature).await;
    assert!(matches!(verified(&sim, &did).await, Err(ProofError::InvalidSignature(_))));
    assert!(matches!(proven(&sim, &did).await, Err(ProofError::InvalidSignature(_))));
    assert_eq!(list(&sim, &did, &note()).await, sim.served(&did));
    sim.behave(0, Behaviour::Normal);
    assert_eq!(verified(&sim, &did).await.unwrap(), 120, "honest again");
}

#[tokio::test]
async fn wrong_content() {
    let (sim, did) = liar(Lie::WrongContent).await;
    assert!(matches!(verified(&sim, &did).await, Err(ProofError::CidMismatch(_))));
    let listed = list(&sim, &did, &note()).await;
    assert_eq!(listed.values().filter(|record| !fits(record)).count(), 1);
    assert_eq!(listed.into_iter().filter(|(uri, record)| sim.served(&did)[uri] != *record).count(), 1);
}

#[tokio::test]
async fn missing_node() {
    let (sim, did) = liar(Lie::MissingNode).await;
    assert!(matches!(
        verified(&sim, &did).await,
        Err(ProofError::InvalidCommit(RepoError::MissingBlock(_) | RepoError::Mst(_)))
    ));
    assert_eq!(list(&sim, &did, &note()).await, sim.served(&did));
}

#[tokio::test]
async fn other_did() {
    let (sim, did) = liar(Lie::OtherDid).await;
    assert!(matches!(verified(&sim, &did).await, Err(ProofError::DidMismatch { .. })));
    assert!(matches!(proven(&sim, &did).await, Err(ProofError::DidMismatch { .. })));
    let other = &sim.accounts()[1];
    let export = car(&sim, &did, "getRepo", &[]).await;
    assert!(
        verify_records(&export, &shrike_did(other), &*key(&sim, other).await).is_ok(),
        "its own signature"
    );
    assert!(
        list(&sim, &did, &note()).await.into_keys().all(|uri| uri.starts_with(&format!("at://{other}/")))
    );
}

#[tokio::test]
async fn endless_pages() {
    let (sim, did) = liar(Lie::EndlessPages).await;
    let (first, mut cursor) = page(&sim, &did, "").await;
    let mut cursors = BTreeSet::new();
    for _ in 0..5 {
        assert!(cursors.insert(cursor.to_string()), "a new cursor each time");
        let (again, next) = page(&sim, &did, &format!("&cursor={}", cursor.as_str().unwrap())).await;
        assert_eq!(again, first);
        cursor = next;
    }
    assert_eq!(verified(&sim, &did).await.unwrap(), 120);
}

#[tokio::test]
async fn invented_pages() {
    let (sim, did) = liar(Lie::InventedPages).await;
    let (mut all, mut cursor) = page(&sim, &did, "").await;
    for _ in 0..5 {
        let (next, after) = page(&sim, &did, &format!("&cursor={}", cursor.as_str().unwrap())).await;
        all.extend(next);
        cursor = after;
    }
    assert_eq!(all.len(), 300);
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "in proper order");
    assert!(all.iter().all(|uri| !sim.served(&did).contains_key(uri)));
    assert_eq!(verified(&sim, &did).await.unwrap(), 120);
}

#[tokio::test]
async fn unordered_pages() {
    let (sim, did) = liar(Lie::UnorderedPages).await;
    let (uris, cursor) = page(&sim, &did, "").await;
    assert!(!uris.iter().rev().is_sorted());
    assert!(cursor.is_string());
    assert_eq!(list(&sim, &did, &note()).await, sim.served(&did), "all are there");
    assert_eq!(verified(&sim, &did).await.unwrap(), 120);
}

#[tokio::test]
async fn truncated_car() {
    let (sim, did) = liar(Lie::TruncatedCar).await;
    assert!(matches!(verified(&sim, &did).await, Err(ProofError::Car(_))));
    assert!(proven(&sim, &did).await.unwrap());
}

#[tokio::test]
async fn endless_car() {
    let (sim, did) = liar(Lie::EndlessCar).await;
    let path = format!("/xrpc/com.atproto.sync.getRepo?did={did}");
    let answer = client(&sim, 0).request(reqwest::Method::GET, &path).send().await.unwrap();
    let mut bytes = 0;
    let mut body = answer.bytes_stream();
    while bytes < 5_000_000 {
        let piece: Bytes = body.next().await.expect("more and more").unwrap();
        bytes += piece.len();
    }
    assert!(proven(&sim, &did).await.unwrap());
}

#[tokio::test]
async fn forged() {
    let (sim, did) = liar(Lie::Forged).await;
    assert!(matches!(verified(&sim, &did).await, Err(ProofError::InvalidSignature(_))));
    let listed = list(&sim, &did, &note()).await;
    assert!(listed.keys().eq(sim.served(&did).keys()));
    assert!(listed.iter().all(|(uri, record)| fits(record) && sim.served(&did)[uri] != *record));
}

#[tokio::test]
async fn rollback() {
    let (sim, did) = liar(Lie::Rollback).await;
    let before = list(&sim, &did, &note()).await;
    sim.write(&did, &note(), &rkey("new"), text("not to be seen"));
    assert_eq!(list(&sim, &did, &note()).await, before);
    assert_eq!(verified(&sim, &did).await.unwrap(), 120);
    assert_eq!(sim.served(&did).len(), 121);
}

#[tokio::test]
async fn future_revision() {
    let (sim, did) = liar(Lie::FutureRevision).await;
    assert_eq!(verified(&sim, &did).await.unwrap(), 120, "signed by the account");
    let latest: Value = serde_json::from_slice(&car(&sim, &did, "getLatestCommit", &[]).await).unwrap();
    let rev = atproto::Tid::parse(latest["rev"].as_str().unwrap()).unwrap();
    let now = time::OffsetDateTime::now_utc().unix_timestamp() * 1_000_000;
    assert!(rev.timestamp_micros() > now + 86_400_000_000);
}
