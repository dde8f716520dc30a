//! Single records, with and without proof.

use std::ops::Bound;

use remote::{Kind, Part, RemoteConfig, RemoteError};
use serde_json::json;
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Lie, Plan};

use crate::stub::{self, Stub};
use crate::world::{NOTE, OTHER, World, key, nsid, one, reader_of, records};

const RECORD: &str = "com.atproto.repo.getRecord";
const LATEST: &str = "com.atproto.sync.getLatestCommit";
const PROOF: &str = "com.atproto.sync.getRecord";

#[tokio::test]
async fn what_exists_and_what_does_not() {
    let world = World::of_one(&[(NOTE, 300), (OTHER, 300)]).await;
    let home = world.remote.locate(&world.did()).await.unwrap();
    let (rev, _) = world.remote.latest(&home).await.unwrap();
    for (uri, truth) in world.truth(&[NOTE]).into_iter().step_by(37) {
        let rkey = key(uri.rsplit('/').next().unwrap());
        let part = world.remote.record(&home, &nsid(NOTE), &rkey).await.unwrap();
        assert_eq!(part.keys, (Bound::Included(rkey.clone()), Bound::Included(rkey)));
        assert!(part.proven && part.rev == rev);
        assert_eq!(records(&[part])[&uri], truth);
    }
    for absent in ["2222222222222", "3zzzzzzzzzzzz", "self", "~"] {
        let part = world.remote.record(&home, &nsid(NOTE), &key(absent)).await.unwrap();
        assert!(part.proven && part.rev == rev && part.records.is_empty());
    }
    let part = world.remote.record(&home, &nsid("com.example.nothing"), &key("self")).await.unwrap();
    assert!(part.proven && part.records.is_empty());
}

#[tokio::test]
async fn lies_about_single_records() {
    for lie in [Lie::BadSignature, Lie::WrongContent, Lie::OtherDid, Lie::Forged, Lie::FutureRevision] {
        let records = vec![(nsid(NOTE), 60)];
        let account = AccountPlan { records, ..AccountPlan::default() };
        let host = HostPlan::new(Behaviour::Lying(lie), vec![account.clone(), account]);
        let world = World::new(Plan { seed: 4, hosts: vec![host], ..Plan::default() }).await;
        let home = world.remote.locate(&world.did()).await.unwrap();
        let mut refused = 0;
        for (uri, truth) in world.truth(&[NOTE]) {
            let rkey = key(uri.rsplit('/').next().unwrap());
            match world.remote.record(&home, &nsid(NOTE), &rkey).await {
                Ok(part) => assert_eq!(records_of(part).get(&uri), Some(&truth), "{lie:?}"),
                Err(error) => {
                    assert!(matches!(error.kind(), Kind::Untrusted(_)), "{lie:?}: {error}");
                    refused += 1;
                }
            }
        }
        assert!(refused == 60 || lie == Lie::WrongContent && refused > 0, "{lie:?}: {refused} were refused");
    }
}

fn records_of(part: Part) -> std::collections::BTreeMap<String, testkit::sim::Expected> {
    records(&[part])
}

#[tokio::test]
async fn a_host_that_cannot_prove() {
    let stub = Stub::start().await;
    let key_of_somebody = "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
    let rev = "3l4ixvkcgrm2k";
    let cid = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua";
    stub.answer(LATEST, 200, &json!({"rev": rev, "cid": cid}));
    let uri = format!("at://{}/{NOTE}/a", stub::DID);
    // The CID of the empty record.
    let empty = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua";
    for document_key in [None, Some(key_of_somebody)] {
        stub.document(&stub.url, document_key);
        let ask = async |unproven_records| -> Result<Part, RemoteError> {
            let remote = reader_of(&stub.url, RemoteConfig { unproven_records, ..RemoteConfig::default() });
            let home = remote.locate(&stub::did()).await.unwrap();
            remote.record(&home, &nsid(NOTE), &key("a")).await
        };
        stub.answer(RECORD, 200, &json!({"uri": uri, "cid": empty, "value": {}}));
        let part = ask(true).await.unwrap();
        assert_eq!((part.proven, part.rev.to_string().as_str(), part.records.len()), (false, rev, 1));
        assert!(ask(false).await.is_err());

        stub.answer(RECORD, 200, &json!({"uri": uri, "cid": empty, "value": {"other": 1}}));
        assert!(ask(true).await.unwrap().records.is_empty(), "it is not what its CID announces");
        stub.answer(RECORD, 400, &json!({"error": "RecordNotFound"}));
        assert!(ask(true).await.unwrap().records.is_empty());
        stub.answer(RECORD, 200, &json!({"uri": format!("{uri}b"), "cid": empty, "value": {}}));
        assert_eq!(ask(true).await.unwrap_err().kind(), Kind::Untrusted("foreign_uri"));
        stub.answer(RECORD, 200, &json!({"uri": uri, "value": {}}));
        assert_eq!(ask(true).await.unwrap_err().kind(), Kind::Malformed);
    }
    assert!(stub.asked(PROOF) > 0);
}

#[tokio::test]
async fn a_slow_host_is_waited_for_as_long_as_configured() {
    let config =
        RemoteConfig { request_timeout: std::time::Duration::from_millis(100), ..RemoteConfig::default() };
    let slow = Behaviour::Latency(std::time::Duration::from_millis(800));
    let world = World::with(one(slow, &[(NOTE, 3)]), config).await;
    let home = world.remote.locate(&world.did()).await.unwrap();
    let error = world.remote.record(&home, &nsid(NOTE), &key("self")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
}
