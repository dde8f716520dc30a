//! A network with some of everything.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use testkit::sim::{Behaviour, Plan, Sim, Standing};

use super::list;

#[tokio::test]
async fn some_of_everything_starts_at_once() {
    let start = Instant::now();
    let plan = Plan::mixed(1, 2000, 200);
    let kinds: BTreeSet<_> = plan.hosts.iter().map(|host| kind(&host.behaviour)).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    let accounts: Vec<_> = plan.hosts.iter().flat_map(|host| &host.accounts).collect();
    let standings: BTreeSet<_> = accounts.iter().map(|account| account.standing).collect();
    assert_eq!(standings.len(), 8);
    assert!(accounts.iter().filter(|account| account.moves.is_some()).count() > 20);
    let largest = accounts.iter().max_by_key(|account| account.records[0].1).unwrap();
    assert_eq!(largest.records[0].1, 20_000);
    let huge = accounts.iter().position(|account| account.records[0].1 == 20_000).unwrap();

    let sim = Sim::start(plan).await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(sim.accounts().len(), 2000);
    assert!(!sim.unreachable().is_empty() && !sim.untrusted().is_empty());
    assert!(sim.unreachable().is_disjoint(&sim.untrusted()));
    let inactive = sim.accounts().iter().filter(|did| sim.standing(did) != Standing::Active).count();
    assert!((100..250).contains(&inactive), "{inactive}");

    let did = &sim.accounts()[huge];
    let [notes, _] = Plan::mixed_collections();
    let listed = list(&sim, did, &notes).await;
    assert_eq!(listed.len(), 20_000);
    let mut served = sim.served(did);
    served.retain(|uri, _| uri.contains(notes.as_str()));
    assert!(listed == served);
}

fn kind(behaviour: &Behaviour) -> &'static str {
    match behaviour {
        Behaviour::Normal => "normal",
        Behaviour::Latency(_) => "latency",
        Behaviour::Slow(_) => "slow",
        Behaviour::Dead => "dead",
        Behaviour::Silent => "silent",
        Behaviour::RateLimited(_) => "limited",
        Behaviour::Flaky(_) => "flaky",
        Behaviour::Lying(_) => "lying",
    }
}
