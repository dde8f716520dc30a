//! `com.atproto.repo`: what hosts list.

use testkit::sim::{AccountPlan, HostPlan, Plan, Sim};

use super::{client, list, note, nsid, one_account, rkey, text};

#[tokio::test]
async fn pages_are_what_the_author_wrote() {
    let (sim, did) = one_account(230).await;
    let listed = list(&sim, &did, &note()).await;
    assert_eq!(listed.len(), 230);
    assert_eq!(listed, sim.served(&did));
    assert_eq!(listed, sim.expected(&[note()]));
    assert_eq!(sim.requests().of_at("com.atproto.repo.listRecords", 0), 4, "three pages and the empty one");
}

#[tokio::test]
async fn keys_descend_unless_reversed_and_the_cursor_is_the_last() {
    let (sim, did) = one_account(7).await;
    let mut keys: Vec<_> =
        sim.served(&did).into_keys().map(|uri| uri.rsplit('/').next().unwrap().to_owned()).collect();
    let host = client(&sim, 0);
    for (reverse, cursor) in [("true", None), ("false", None), ("true", Some(3)), ("false", Some(3))] {
        keys.sort();
        if reverse == "false" {
            keys.reverse();
        }
        let after = cursor.map(|at: usize| keys[at].clone());
        let mut query = vec![
            ("repo", did.as_str()),
            ("collection", "com.example.demo.note"),
            ("limit", "3"),
            ("reverse", reverse),
        ];
        query.extend(after.as_deref().map(|key| ("cursor", key)));
        let page = host.get_with("/xrpc/com.atproto.repo.listRecords", &query).await.expect(200);
        let from = cursor.map_or(0, |at| at + 1);
        let uris: Vec<_> = page["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["uri"].as_str().unwrap())
            .collect();
        let right: Vec<_> =
            keys[from..from + 3].iter().map(|key| format!("at://{did}/{}/{key}", note())).collect();
        assert_eq!(uris, right, "{reverse} {cursor:?}");
        assert_eq!(page["cursor"], keys[from + 2]);
    }
}

#[tokio::test]
async fn nothing_is_an_empty_page_without_cursor() {
    let (sim, did) = one_account(1).await;
    let path = format!("/xrpc/com.atproto.repo.listRecords?repo={did}&collection=com.example.none");
    assert_eq!(client(&sim, 0).get(&path).await.text, r#"{"records":[]}"#);
}

#[tokio::test]
async fn bad_requests_are_refused_by_name() {
    let (sim, did) = one_account(1).await;
    let host = client(&sim, 0);
    let unknown = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    for (path, error) in [
        (
            format!("com.atproto.repo.listRecords?repo={did}&collection=com.example.a&limit=101"),
            "InvalidRequest",
        ),
        (
            format!("com.atproto.repo.listRecords?repo={did}&collection=com.example.a&limit=0"),
            "InvalidRequest",
        ),
        (format!("com.atproto.repo.listRecords?repo={did}"), "InvalidRequest"),
        (format!("com.atproto.repo.listRecords?repo={unknown}&collection=com.example.a"), "InvalidRequest"),
        (format!("com.atproto.repo.getRecord?repo={did}&collection=com.example.a&rkey=b"), "RecordNotFound"),
        (
            format!("com.atproto.repo.getRecord?repo={unknown}&collection=com.example.a&rkey=b"),
            "InvalidRequest",
        ),
        (format!("com.atproto.repo.describeRepo?repo={unknown}"), "RepoNotFound"),
        ("com.atproto.sync.listReposByCollection?collection=com.example.a".to_owned(), "InvalidRequest"),
    ] {
        assert_eq!(host.get(&format!("/xrpc/{path}")).await.expect(400)["error"], error, "{path}");
    }
}

#[tokio::test]
async fn one_record_and_a_description() {
    let likes = nsid("com.example.demo.like");
    let account = AccountPlan { records: vec![(note(), 2), (likes.clone(), 1)], ..AccountPlan::default() };
    let plan = Plan {
        hosts: vec![HostPlan { accounts: vec![account], ..Default::default() }],
        ..Default::default()
    };
    let sim = Sim::start(plan).await;
    let did = sim.accounts().remove(0);
    let cid = sim.write(&did, &note(), &rkey("self"), text("hello"));
    let host = client(&sim, 0);
    let path = format!("/xrpc/com.atproto.repo.getRecord?repo={did}&collection={}&rkey=self", note());
    let record = host.get(&path).await.expect(200);
    assert_eq!(record["cid"], cid);
    assert_eq!(record["value"], text("hello"));
    assert_eq!(host.get(&format!("{path}&cid={cid}")).await.status, 200);
    assert_eq!(
        host.get(&format!("{path}&cid=bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"))
            .await
            .status,
        400
    );
    let about = host.get(&format!("/xrpc/com.atproto.repo.describeRepo?repo={did}")).await.expect(200);
    assert_eq!(about["collections"], serde_json::json!([likes, note()]));
    assert_eq!(about["didDoc"]["id"], did.as_str());
}
