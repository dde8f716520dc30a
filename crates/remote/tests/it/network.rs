//! The reference server.

use std::collections::BTreeMap;

use atproto::Did;
use remote::{Gone, Kind, Mode, Reading, RemoteConfig};
use testkit::network::AccountAction;
use testkit::{Network, NetworkOptions};
use url::Url;

use crate::world::{assert_complete, key, nsid, reader_of, records};

const DEMO: &str = "com.example.demo.note";

#[tokio::test]
async fn the_reference_server_is_read_in_all_modes() {
    if !Network::is_installed() {
        return;
    }
    let options = NetworkOptions { accounts: 2, records: 130, ..NetworkOptions::default() };
    let network = Network::start(options).await;
    let remote = reader_of(&Url::parse(&network.endpoints.plc).unwrap(), RemoteConfig::default());
    let account = network.accounts().await.remove(0);
    let home = remote.locate(&Did::parse(&account.did).unwrap()).await.unwrap();
    assert!(remote.status(&home).await.unwrap().active);

    let mut seen = BTreeMap::new();
    for (mode, verified) in [
        (Mode::Pages, false),
        (Mode::Export, true),
        (Mode::Blocks, true),
        (Mode::Auto, false),
        (Mode::Auto, true),
    ] {
        let collections = vec![nsid(DEMO), nsid("com.example.demo.nothing")];
        let mut reader = remote.read(&home, Reading { collections, from: None, mode, verified });
        let mut parts = Vec::new();
        while let Some((part, _)) = reader.next().await.unwrap() {
            parts.push(part);
        }
        assert_complete(&parts, &[DEMO, "com.example.demo.nothing"]);
        let found = records(&parts);
        assert_eq!(found.len(), 130, "{mode}");
        if seen.is_empty() {
            seen = found;
        } else {
            assert_eq!(found, seen, "{mode}");
        }
    }

    let rkey = key(seen.keys().next().unwrap().rsplit('/').next().unwrap());
    let part = remote.record(&home, &nsid(DEMO), &rkey).await.unwrap();
    assert!(part.proven && part.records.len() == 1);
    let part = remote.record(&home, &nsid(DEMO), &key("3jzfcijpj2z2a")).await.unwrap();
    assert!(part.proven && part.records.is_empty());

    network.set_status(&account.did, AccountAction::Deactivate).await;
    let error = remote.latest(&home).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Gone(Gone::Deactivated), "{error}");
    let reading = Reading { collections: vec![nsid(DEMO)], from: None, mode: Mode::Blocks, verified: true };
    let error = remote.read(&home, reading).next().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Gone(Gone::Deactivated), "{error}");
}
