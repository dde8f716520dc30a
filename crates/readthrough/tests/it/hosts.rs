//! Hosts that are of no help.

use std::time::{Duration, Instant};

use readthrough::{How, ReadThroughConfig, Reason};
use testkit::sim::{Behaviour, HostPlan, Lie, Place, Plan, RateLimit};

use crate::rig::{Rig, get, on_each, plan};

const UNREACHABLE: How = How::Unavailable { reason: Reason::PdsUnreachable, asked: true };
const LEFT_ALONE: How = How::Unavailable { reason: Reason::PdsUnreachable, asked: false };

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_one_is_left_alone_and_what_is_here_stays() {
    on_each(plan(2, 3), async |rig| {
        let did = rig.account(0);
        let keys = rig.keys(&did);
        assert_eq!(rig.how(&did, &keys[0]).await, How::Fetched);
        rig.sim.behave(0, Behaviour::Dead);
        let asked = Instant::now();
        assert_eq!(rig.how(&did, &keys[1]).await, UNREACHABLE);
        assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
        rig.sim.behave(0, Behaviour::Normal);
        rig.asked();
        let asked = Instant::now();
        for key in &keys[1..] {
            assert_eq!(rig.how(&did, key).await, LEFT_ALONE);
        }
        assert!(asked.elapsed() < Duration::from_secs(1), "nobody was asked");
        assert_eq!(rig.how(&did, &keys[0]).await, How::Here);
        assert_eq!(rig.asked(), 0);
        let other = rig.account(1);
        assert_eq!(rig.how(&other, &rig.keys(&other)[0]).await, How::Fetched, "others are not concerned");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_one_keeps_nobody_for_long() {
    on_each(plan(1, 2), async |rig| {
        let did = rig.account(0);
        let keys = rig.keys(&did);
        rig.sim.behave(0, Behaviour::Silent);
        let read = rig.instance(ReadThroughConfig {
            patience: Duration::from_millis(100),
            question_time: Duration::from_millis(400),
            ..ReadThroughConfig::default()
        });
        let slow = How::Unavailable { reason: Reason::Slow, asked: true };
        let asked = Instant::now();
        assert_eq!(get(&read, &did, &keys[0], "203.0.113.1").await.how, slow);
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
        // The question itself is given up, too, and the host left alone.
        let deadline = Instant::now() + Duration::from_secs(5);
        while get(&read, &did, &keys[1], "203.0.113.1").await.how != LEFT_ALONE {
            assert!(Instant::now() < deadline);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_asks_for_a_pause_has_it() {
    on_each(plan(1, 2), async |rig| {
        let did = rig.account(0);
        let window = Duration::from_mins(1);
        rig.sim.behave(0, Behaviour::RateLimited(RateLimit { requests: 0, window, retry_after: None }));
        assert_eq!(rig.how(&did, &rig.keys(&did)[0]).await, UNREACHABLE);
        rig.asked();
        assert_eq!(rig.how(&did, &rig.keys(&did)[1]).await, LEFT_ALONE);
        assert_eq!(rig.asked(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_liar_says_is_not_stored() {
    let lies = [Lie::BadSignature, Lie::Forged, Lie::OtherDid, Lie::FutureRevision];
    let hosts = lies.map(|lie| HostPlan { behaviour: Behaviour::Lying(lie), ..plan(1, 2).hosts[0].clone() });
    let honest = plan(1, 2).hosts[0].clone();
    let plan = Plan { hosts: hosts.into_iter().chain([honest]).collect(), ..plan(0, 0) };
    on_each(plan, async |rig| {
        for (host, lie) in lies.iter().enumerate() {
            let did = rig.account(host);
            let key = &rig.keys(&did)[0];
            let untrusted = |asked| How::Unavailable { reason: Reason::Untrusted, asked };
            assert_eq!(rig.how(&did, key).await, untrusted(true), "{lie:?}");
            assert_eq!(rig.how(&did, key).await, untrusted(false), "{lie:?}");
        }
        assert!(rig.indexed().await.is_empty());
        let honest = rig.account(lies.len());
        assert_eq!(rig.how(&honest, &rig.keys(&honest)[0]).await, How::Fetched);
    })
    .await;
}

/// Every lie there is.
const LIES: [Lie; 12] = [
    Lie::BadSignature,
    Lie::WrongContent,
    Lie::MissingNode,
    Lie::OtherDid,
    Lie::EndlessPages,
    Lie::InventedPages,
    Lie::UnorderedPages,
    Lie::TruncatedCar,
    Lie::EndlessCar,
    Lie::Forged,
    Lie::Rollback,
    Lie::FutureRevision,
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_host_says_only_the_truth_is_stored() {
    let host = plan(1, 6).hosts[0].clone();
    let hosts = LIES.map(|lie| HostPlan { behaviour: Behaviour::Lying(lie), ..host.clone() });
    let plan = Plan { hosts: hosts.to_vec(), ..plan(0, 0) };
    on_each(plan, async |rig| {
        let mut truth = std::collections::BTreeMap::new();
        for did in rig.sim.accounts() {
            truth.extend(rig.sim.served(&did));
            for key in rig.keys(&did) {
                rig.how(&did, &key).await;
            }
        }
        let indexed = rig.indexed().await;
        assert!(!indexed.is_empty(), "some lies are not about single records");
        for (uri, json) in indexed {
            assert_eq!(truth.get(&uri).map(|record| &record.json), Some(&json), "{uri}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_directory_nobody_is_found() {
    on_each(plan(1, 1), async |rig: Rig| {
        let did = rig.account(0);
        rig.sim.behave(Place::Plc, Behaviour::Dead);
        let unknown = |asked| How::Unavailable { reason: Reason::DirectoryUnreachable, asked };
        let key = &rig.keys(&did)[0];
        assert_eq!(rig.how(&did, key).await, unknown(true));
        rig.sim.forget_requests();
        assert_eq!(rig.how(&did, key).await, unknown(false));
        assert_eq!(rig.sim.requests().total(), 0);
    })
    .await;
}
