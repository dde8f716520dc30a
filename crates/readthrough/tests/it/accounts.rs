//! Accounts that are not, or not where they were.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use readthrough::How;
use records::RepoStatus;
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Plan, Standing};

use crate::rig::{note, on_each, plan};

#[tokio::test(flavor = "multi_thread")]
async fn those_that_are_not_served_have_nothing_and_that_is_remembered() {
    let standings = [
        Standing::Deactivated,
        Standing::TakenDown,
        Standing::Suspended,
        Standing::Deleted,
        Standing::Tombstoned,
        Standing::NeverRegistered,
        Standing::Homeless,
    ];
    let host = |standing| HostPlan {
        accounts: vec![AccountPlan::active(&[note()], 2).with(standing)],
        ..HostPlan::default()
    };
    let plan = Plan { seed: 5, hosts: standings.map(host).to_vec(), ..Plan::default() };
    on_each(plan, async |rig| {
        for (host, standing) in standings.iter().enumerate() {
            let did = rig.sim.accounts()[host].clone();
            let keys = rig.keys(&did);
            let key = |number: usize| keys.get(number).cloned().unwrap_or_else(crate::rig::nothing);
            assert_eq!(rig.how(&did, &key(0)).await, How::Absent, "{standing:?}");
            rig.sim.forget_requests();
            assert_eq!(rig.how(&did, &key(1)).await, How::KnownAbsent, "{standing:?}");
            assert_eq!(rig.sim.requests().total(), 0, "{standing:?}");
        }
        assert!(rig.indexed().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_deleted_meanwhile_does_not_come_back() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        rig.sim.behave(0, Behaviour::Latency(Duration::from_millis(300)));
        let deletion = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
            let now = i64::try_from(now).unwrap();
            rig.records.observe_status(&did, RepoStatus::Deleted, now).await.unwrap();
        };
        let (how, ()) = tokio::join!(rig.how(&did, key), deletion);
        assert_eq!(how, How::Absent);
        assert!(rig.indexed().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_has_moved_is_found_again() {
    on_each(plan(2, 2), async |rig| {
        let did = rig.account(0);
        let keys = rig.keys(&did);
        assert_eq!(rig.how(&did, &keys[0]).await, How::Fetched);
        rig.sim.migrate(&did, 1);
        assert_eq!(rig.how(&did, &keys[1]).await, How::Fetched, "where it lives was known from before");
    })
    .await;
}
