//! Repositories that move to another host, and get a new key, while they are read.

use remote::{Kind, Mode, Reading, RemoteConfig};
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Plan};

use crate::world::{NOTE, World, assert_complete, key, nsid, records};

const MODES: [Mode; 4] = [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks];

/// Two hosts, and two accounts at the first: one that it remembers when it has left, and one that it does not.
async fn two_hosts() -> World {
    let account = AccountPlan { records: vec![(nsid(NOTE), 700)], ..AccountPlan::default() };
    let hosts = vec![
        HostPlan::new(Behaviour::Normal, vec![account.clone(), account]),
        HostPlan::new(Behaviour::Normal, Vec::new()),
    ];
    World::with(Plan { seed: 4, hosts, ..Plan::default() }, RemoteConfig::default()).await
}

#[tokio::test]
async fn a_reader_follows_to_the_new_host() {
    for mode in MODES {
        for account in 0..2 {
            let world = two_hosts().await;
            let did = world.sim.accounts().remove(account);
            let home = world.remote.locate(&did).await.unwrap();
            let reading = Reading { collections: vec![nsid(NOTE)], from: None, mode, verified: false };
            let mut reader = world.remote.read(&home, reading);
            let mut parts = Vec::new();
            parts.extend(reader.next().await.unwrap().map(|(part, _)| part));
            world.sim.migrate(&did, 1);
            while let Some((part, _)) = reader.next().await.unwrap() {
                parts.push(part);
            }
            assert_complete(&parts, &[NOTE]);
            assert_eq!(records(&parts), world.sim.served(&did), "{mode}");
            if mode != Mode::Export && mode != Mode::Auto {
                assert_eq!(reader.home().host, world.sim.host(1), "{mode}");
            }
        }
    }
}

#[tokio::test]
async fn single_questions_follow_too() {
    for account in 0..2 {
        let world = two_hosts().await;
        let did = world.sim.accounts().remove(account);
        let home = world.remote.locate(&did).await.unwrap();
        let (rev, _) = world.remote.latest(&home).await.unwrap();
        let uri = world.sim.served(&did).into_keys().next().unwrap();
        let rkey = key(uri.rsplit('/').next().unwrap());
        world.sim.migrate(&did, 1);
        assert!(world.remote.latest(&home).await.unwrap().0 > rev);
        assert!(world.remote.status(&home).await.unwrap().active);
        let part = world.remote.record(&home, &nsid(NOTE), &rkey).await.unwrap();
        assert!(part.proven && part.records.len() == 1);
    }
}

#[tokio::test]
async fn a_host_that_died_with_its_accounts_gone_elsewhere() {
    let world = two_hosts().await;
    let did = world.sim.accounts().remove(0);
    let home = world.remote.locate(&did).await.unwrap();
    world.sim.migrate(&did, 1);
    world.sim.behave(0, Behaviour::Dead);
    assert!(world.remote.latest(&home).await.is_ok());
    // Without another place to ask, the answer stands.
    let stays = world.sim.accounts().remove(1);
    let home = world.remote.locate(&stays).await.unwrap();
    assert_eq!(world.remote.latest(&home).await.unwrap_err().kind(), Kind::Unavailable);
}
