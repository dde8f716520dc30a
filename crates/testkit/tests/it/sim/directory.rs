//! The directories of identities and of collections.

use testkit::HttpClient;
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Plan, Sim, Standing};

use super::{document, list, note, nsid, rkey, text};

async fn repos_with(sim: &Sim, collection: &str, limit: &str) -> (Vec<String>, usize) {
    let relay = HttpClient::new(sim.relay().as_str());
    let (mut dids, mut pages, mut cursor) = (Vec::new(), 0, None::<String>);
    loop {
        let mut query = vec![("collection", collection), ("limit", limit)];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = relay.get_with("/xrpc/com.atproto.sync.listReposByCollection", &query).await.expect(200);
        pages += 1;
        dids.extend(
            page["repos"].as_array().unwrap().iter().map(|repo| repo["did"].as_str().unwrap().to_owned()),
        );
        cursor = page["cursor"].as_str().map(str::to_owned);
        match &cursor {
            Some(cursor) => assert!(cursor.contains(['+', '/']), "must be encoded in a URL: {cursor}"),
            None => return (dids, pages),
        }
    }
}

#[tokio::test]
async fn the_relay_pages_through_everybody_who_ever_wrote() {
    let sim = Sim::start(Plan::normal(5, 3, 9, &[note()], 1)).await;
    let (dids, pages) = repos_with(&sim, note().as_str(), "10").await;
    assert_eq!((dids.len(), pages), (27, 3));
    assert_eq!(repos_with(&sim, note().as_str(), "1000").await, (dids.clone(), 1));
    let plan_order: Vec<_> = sim.accounts().iter().map(ToString::to_string).collect();
    assert_ne!(dids, plan_order, "hosts are mixed");

    let did = &sim.accounts()[4];
    sim.delete_account(did);
    assert_eq!(repos_with(&sim, note().as_str(), "1000").await.0, dids, "nothing is forgotten");

    let new = nsid("com.example.demo.new");
    assert_eq!(repos_with(&sim, new.as_str(), "10").await.0, [""; 0]);
    sim.write(&sim.accounts()[8], &new, &rkey("a"), text("one"));
    assert_eq!(repos_with(&sim, new.as_str(), "10").await.0, [sim.accounts()[8].to_string()]);

    let relay = HttpClient::new(sim.relay().as_str());
    for query in ["collection=nonsense", "collection=com.example.a&cursor=bm9uZQ=="] {
        let path = format!("/xrpc/com.atproto.sync.listReposByCollection?{query}");
        assert_eq!(relay.get(&path).await.expect(400)["error"], "BadRequest");
    }
}

#[tokio::test]
async fn documents_name_host_and_key() {
    let sim = Sim::start(Plan::normal(5, 2, 1, &[note()], 1)).await;
    for (host, did) in sim.accounts().iter().enumerate() {
        let document = document(&sim, did).await;
        assert_eq!(document["id"], did.as_str());
        let endpoint = document["service"][0]["serviceEndpoint"].as_str().unwrap();
        assert_eq!(format!("{endpoint}/"), sim.host(host).as_str());
        assert!(
            document["verificationMethod"][0]["publicKeyMultibase"].as_str().unwrap().starts_with("zQ3s")
        );
    }
    let requests = sim.requests();
    assert_eq!((requests.of("did"), requests.total()), (2, 2));
}

#[tokio::test]
async fn some_identities_lead_nowhere() {
    let gone = [Standing::NeverRegistered, Standing::Tombstoned, Standing::Homeless];
    let accounts = gone.map(|standing| AccountPlan::active(&[note()], 1).with(standing)).to_vec();
    let plan = Plan { hosts: vec![HostPlan { accounts, ..Default::default() }], ..Default::default() };
    let sim = Sim::start(plan).await;
    let plc = HttpClient::new(sim.plc().as_str());
    let [never, tombstoned, homeless] = &sim.accounts()[..] else { panic!("three accounts") };
    assert_eq!(
        plc.get(&format!("/{never}")).await.expect(404)["message"],
        format!("DID not registered: {never}")
    );
    assert_eq!(
        plc.get(&format!("/{tombstoned}")).await.expect(404)["message"],
        format!("DID not available: {tombstoned}")
    );
    assert_eq!(document(&sim, homeless).await["service"], serde_json::json!([]));
    assert!(sim.expected(&[note()]).is_empty() && sim.permitted(&[note()]).is_empty());
    assert_eq!(repos_with(&sim, note().as_str(), "10").await.0.len(), 3, "the relay knows them all");
}

#[tokio::test]
async fn the_same_seed_makes_the_same_network() {
    let collections = Plan::mixed_collections();
    let (one, same, other) = tokio::join!(
        Sim::start(Plan::mixed(11, 60, 10)),
        Sim::start(Plan::mixed(11, 60, 10)),
        Sim::start(Plan::mixed(12, 60, 10))
    );
    assert_eq!(one.accounts(), same.accounts());
    assert_ne!(one.accounts(), other.accounts());
    assert_eq!(one.expected(&collections), same.expected(&collections));
    let directory = repos_with(&one, collections[0].as_str(), "100").await;
    assert_eq!(directory, repos_with(&same, collections[0].as_str(), "100").await);
    let did = one
        .accounts()
        .into_iter()
        .find(|did| one.standing(did).is_active() && one.behaviour(one.host_of(did)) == Behaviour::Normal)
        .unwrap();
    assert_eq!(list(&one, &did, &collections[0]).await, list(&same, &did, &collections[0]).await);
    let key = |document: serde_json::Value| document["verificationMethod"].clone();
    assert_eq!(key(document(&one, &did).await), key(document(&same, &did).await));
}
