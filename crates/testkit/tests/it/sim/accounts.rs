//! Accounts that go, come back and move.

use serde_json::Value;
use shrike::repo::verify_records;
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Plan, Sim, Standing};

use super::{car, client, document, key, list, note, one_account, rkey, shrike_did, sync, text};

async fn refusal(sim: &Sim, host: usize, did: &atproto::Did, method: &str) -> String {
    let path = format!("/xrpc/com.atproto.sync.{method}?did={did}");
    client(sim, host).get(&path).await.expect(400)["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn standings_are_told_by_name() {
    for (standing, error, status) in [
        (Standing::Deactivated, "RepoDeactivated", Some("deactivated")),
        (Standing::TakenDown, "RepoTakendown", Some("takendown")),
        (Standing::Suspended, "RepoSuspended", Some("suspended")),
        (Standing::Deleted, "RepoNotFound", None),
        (Standing::Tombstoned, "RepoNotFound", None),
        (Standing::NeverRegistered, "RepoNotFound", None),
    ] {
        let accounts = vec![AccountPlan::active(&[note()], 2).with(standing)];
        let plan = Plan { hosts: vec![HostPlan { accounts, ..Default::default() }], ..Default::default() };
        let sim = Sim::start(plan).await;
        let did = sim.accounts().remove(0);
        for method in ["getRepo", "getLatestCommit"] {
            assert_eq!(refusal(&sim, 0, &did, method).await, error, "{standing:?}");
        }
        let (code, body) = sync(&sim, &did, "getRepoStatus", &[]).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        match status {
            Some(status) => {
                assert_eq!(
                    (code, body["active"].as_bool(), body["status"].as_str()),
                    (200, Some(false), Some(status))
                );
            }
            None => assert_eq!((code, body["error"].as_str()), (400, Some("RepoNotFound"))),
        }
        let path = format!("/xrpc/com.atproto.repo.listRecords?repo={did}&collection={}", note());
        let answer = client(&sim, 0).get(&path).await.expect(400);
        assert_eq!(answer["message"], format!("Could not find repo: {did}"));
        assert!(sim.expected(&[note()]).is_empty());
    }
}

#[tokio::test]
async fn an_account_comes_back_with_its_records_unless_it_was_deleted() {
    let (sim, did) = one_account(3).await;
    let before = list(&sim, &did, &note()).await;
    sim.deactivate(&did);
    assert!(sim.expected(&[note()]).is_empty());
    sim.activate(&did);
    assert_eq!(list(&sim, &did, &note()).await, before);
    assert_eq!(sim.expected(&[note()]), before);
    sim.delete_account(&did);
    assert_eq!(refusal(&sim, 0, &did, "getRepo").await, "RepoNotFound");
    sim.activate(&did);
    assert!(list(&sim, &did, &note()).await.is_empty());
    assert!(sim.expected(&[note()]).is_empty());
}

#[tokio::test]
async fn a_moved_account_is_elsewhere_with_another_key() {
    let sim = Sim::start(Plan::normal(2, 2, 2, &[note()], 5)).await;
    for (did, error) in sim.accounts()[..2].iter().zip(["RepoDeactivated", "RepoNotFound"]) {
        let (before, document_before) = (list(&sim, did, &note()).await, document(&sim, did).await);
        let old_rev: Value = serde_json::from_slice(&car(&sim, did, "getLatestCommit", &[]).await).unwrap();
        sim.migrate(did, 1);
        assert_eq!(sim.host_of(did), 1);
        assert_eq!(refusal(&sim, 0, did, "getRepo").await, error);
        assert_eq!(list(&sim, did, &note()).await, before);
        let document_after = document(&sim, did).await;
        assert_ne!(document_after["service"], document_before["service"]);
        assert_ne!(document_after["verificationMethod"], document_before["verificationMethod"]);
        let new_rev: Value = serde_json::from_slice(&car(&sim, did, "getLatestCommit", &[]).await).unwrap();
        assert!(new_rev["rev"].as_str() > old_rev["rev"].as_str());
        let export = car(&sim, did, "getRepo", &[]).await;
        assert_eq!(verify_records(&export, &shrike_did(did), &*key(&sim, did).await).unwrap().len(), 5);
        sim.write(did, &note(), &rkey("after"), text("moving"));
        assert_eq!(list(&sim, did, &note()).await.len(), 6);
    }
}

#[tokio::test]
async fn an_account_moves_while_it_is_read() {
    let moving = AccountPlan::active(&[note()], 250).moving(1, 2);
    let plan = Plan {
        hosts: vec![HostPlan::new(Behaviour::Normal, vec![moving]), HostPlan::default()],
        ..Default::default()
    };
    let sim = Sim::start(plan).await;
    let did = sim.accounts().remove(0);
    let page = format!("/xrpc/com.atproto.repo.listRecords?repo={did}&collection={}&limit=100", note());
    for status in [200, 200, 400] {
        assert_eq!(client(&sim, 0).get(&page).await.status, status);
    }
    assert_eq!(sim.host_of(&did), 1);
    assert_eq!(list(&sim, &did, &note()).await, sim.expected(&[note()]));
}
