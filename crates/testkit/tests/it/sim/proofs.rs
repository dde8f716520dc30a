//! `com.atproto.sync`: trees and signatures, checked by a verifier that we did not write.

use serde_json::Value;
use shrike::cbor::Cid;
use shrike::cbor::json::drisl_to_json;
use shrike::repo::{Repo, verify_record_proof, verify_records};

use super::{car, client, key, note, nsid, one_account, rkey, shrike_did, sync, text};
use testkit::sim::{Plan, Sim, Write};

#[tokio::test]
async fn exports_hold_what_the_author_wrote_and_signed() {
    // Both curves.
    let sim = Sim::start(Plan::normal(1, 1, 3, &[note(), nsid("com.example.demo.like")], 40)).await;
    for did in sim.accounts() {
        let export = car(&sim, &did, "getRepo", &[]).await;
        let records = verify_records(&export, &shrike_did(&did), &*key(&sim, &did).await).unwrap();
        let served = sim.served(&did);
        assert_eq!(records.len(), served.len());
        for record in records {
            let expected = &served[&format!("at://{did}/{}/{}", record.collection, record.rkey)];
            assert_eq!(record.cid.to_string(), expected.cid);
            assert_eq!(drisl_to_json(&record.record).unwrap(), expected.json);
        }
        let repo = Repo::load_car(&export).unwrap();
        let latest: Value = serde_json::from_slice(&car(&sim, &did, "getLatestCommit", &[]).await).unwrap();
        assert_eq!(latest["cid"], repo.head_cid().unwrap().to_string());
        assert_eq!(latest["rev"], repo.head().unwrap().rev.to_string());
    }
}

#[tokio::test]
async fn trees_stay_right_under_writes() {
    let (sim, did) = one_account(50).await;
    let keys: Vec<_> =
        sim.served(&did).into_keys().map(|uri| uri.rsplit('/').next().unwrap().to_owned()).collect();
    let mut revs = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        let record = (n % 3 > 0).then(|| text(&n.to_string()));
        let write = |rkey, record| Write { collection: note(), rkey, record };
        let new = write(rkey(&format!("new{n}")), Some(text("new")));
        revs.push(sim.commit(&did, &[write(rkey(key), record), new]));
    }
    assert!(revs.is_sorted() && revs.windows(2).all(|pair| pair[0] != pair[1]));
    let export = car(&sim, &did, "getRepo", &[]).await;
    let records = verify_records(&export, &shrike_did(&did), &*key(&sim, &did).await).unwrap();
    assert_eq!(records.len(), sim.served(&did).len());
    // Everything in the export belongs to the commit: nothing replaced is left.
    let (_, blocks) = shrike::car::read_slice(&export).unwrap();
    assert_eq!(Repo::load_car(&export).unwrap().store().len(), blocks.len());
    assert_eq!(Repo::load_car(&export).unwrap().head().unwrap().rev.to_string(), revs[revs.len() - 1]);
}

#[tokio::test]
async fn proofs_show_presence_and_absence() {
    let (sim, did) = one_account(300).await;
    let verifier = key(&sim, &did).await;
    let uri = sim.served(&did).into_keys().nth(123).unwrap();
    for (key, present) in [(uri.rsplit('/').next().unwrap(), true), ("absent", false)] {
        let proof = car(&sim, &did, "getRecord", &[("collection", note().as_str()), ("rkey", key)]).await;
        assert!(proof.len() < 20_000, "{} bytes", proof.len());
        let (collection, rkey) = (
            shrike::syntax::Nsid::try_from(note().as_str()).unwrap(),
            shrike::syntax::RecordKey::try_from(key).unwrap(),
        );
        let proof = verify_record_proof(&proof, &shrike_did(&did), &*verifier, &collection, &rkey).unwrap();
        assert_eq!(proof.record.is_some(), present);
    }
}

#[tokio::test]
async fn blocks_come_by_their_cids_or_not_at_all() {
    let (sim, did) = one_account(30).await;
    let latest: Value = serde_json::from_slice(&car(&sim, &did, "getLatestCommit", &[]).await).unwrap();
    let commit = latest["cid"].as_str().unwrap();
    let record = sim.served(&did).into_values().next().unwrap().cid;
    let blocks = car(&sim, &did, "getBlocks", &[("cids", commit), ("cids", &record)]).await;
    let (roots, blocks) = shrike::car::read_slice(&blocks).unwrap();
    assert!(roots.is_empty());
    let cids: Vec<_> = blocks.iter().map(|block| block.cid.to_string()).collect();
    assert_eq!(cids, [commit, &record]);
    assert!(blocks.iter().all(|block| Cid::compute(block.cid.codec(), block.data) == block.cid));

    sim.write(&did, &note(), &rkey("new"), text("a new commit"));
    let (status, body) = sync(&sim, &did, "getBlocks", &[("cids", &record), ("cids", commit)]).await;
    let error: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, error["error"].as_str().unwrap()), (400, "InvalidRequest"));
    assert_eq!(error["message"], format!("Could not find cids: {commit}"));
}

#[tokio::test]
async fn hosts_list_their_repositories() {
    let sim = Sim::start(Plan::normal(3, 2, 5, &[note()], 1)).await;
    let host = client(&sim, 1);
    let (mut dids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = host.get(&format!("/xrpc/com.atproto.sync.listRepos?limit=2{cursor}")).await.expect(200);
        for repo in page["repos"].as_array().unwrap() {
            assert_eq!(repo["active"], true);
            dids.push(repo["did"].as_str().unwrap().to_owned());
        }
        match page["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let right: Vec<_> = sim.accounts()[5..].iter().map(ToString::to_string).collect();
    assert_eq!(dids, right);
}
