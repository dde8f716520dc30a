//! What strangers can make us ask.

use std::time::Duration;

use atproto::{Did, RecordKey};
use futures::future::join_all;
use readthrough::{Asker, Budget, How, Policy, ReadThroughConfig};
use testkit::sim::Behaviour;

use crate::rig::{Rig, get, note, on_each, plan};

fn unwritten(number: usize) -> RecordKey {
    RecordKey::parse(&format!("unwritten{number}")).unwrap()
}

impl Rig {
    fn allow(&self, per_asker: u32, total: u32) {
        *self.budget.lock().unwrap() = Budget { per_asker, total };
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_causes_no_more_questions_than_their_purse_pays() {
    on_each(plan(2, 2), async |rig| {
        rig.allow(5, 1000);
        let (did, other) = (rig.account(0), rig.account(1));
        let mut refused = 0;
        for number in 0..50 {
            refused += u32::from(rig.how(&did, &unwritten(number)).await == How::OverBudget);
        }
        // A purse that gains a token every 12 s may gain one in between.
        assert!((44..=45).contains(&refused), "{refused}");
        assert!(rig.asked() <= 6);
        // Their network is theirs; others, and what is here, are not concerned.
        assert_eq!(get(&rig.read, &did, &unwritten(60), "203.0.113.1").await.how, How::OverBudget);
        let key = &rig.keys(&other)[0];
        assert_eq!(get(&rig.read, &other, key, "203.0.113.2").await.how, How::Fetched);
        assert_eq!(get(&rig.read, &other, key, "203.0.113.1").await.how, How::Here);
        let account = Asker::Account("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa");
        let answer = rig.read.record(&did, &note(), &unwritten(70), || Policy::Get, account).await.unwrap();
        assert_eq!(answer.how, How::Absent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_strangers_cause_no_more_than_all_may() {
    on_each(plan(1, 1), async |rig| {
        rig.allow(5, 10);
        let did = rig.account(0);
        for number in 0..40 {
            get(&rig.read, &did, &unwritten(number), &format!("203.0.113.{number}")).await;
        }
        assert!((10..=12).contains(&rig.asked()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_up_strangers_is_paid_for() {
    on_each(plan(1, 1), async |rig| {
        rig.allow(5, 1000);
        for number in 0..40_u8 {
            let last = char::from(b'a' + number % 26);
            let did = format!("did:plc:{}{last}{}", "a".repeat(22), if number < 26 { 'a' } else { 'b' });
            let did = Did::parse(&did).unwrap();
            rig.how(&did, &unwritten(0)).await;
        }
        assert!(rig.sim.requests().of("did") <= 6, "{:?}", rig.sim.requests());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_budget_nobody_is_asked() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        for (per_asker, total) in [(0, 100), (100, 0)] {
            rig.allow(per_asker, total);
            assert_eq!(rig.how(&did, key).await, How::OverBudget);
        }
        assert_eq!(rig.sim.requests().total(), 0);
        rig.allow(1, 1);
        assert_eq!(rig.how(&did, key).await, How::Fetched, "a change counts at once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poor_one_does_not_spoil_it_for_others() {
    on_each(plan(1, 1), async |rig| {
        rig.allow(1, 1000);
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        assert_eq!(get(&rig.read, &did, &unwritten(0), "203.0.113.1").await.how, How::Absent);
        let poor = (0..200).map(|_| get(&rig.read, &did, key, "203.0.113.1"));
        let (_, rich) = tokio::join!(join_all(poor), get(&rig.read, &did, key, "203.0.113.2"));
        assert!(rich.record.is_some(), "{:?}", rich.how);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_questions_are_under_way() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        rig.sim.behave(0, Behaviour::Latency(Duration::from_millis(300)));
        let read = rig.instance(ReadThroughConfig { at_once: 3, ..ReadThroughConfig::default() });
        let keys: Vec<_> = (0..20).map(unwritten).collect();
        let all = join_all(keys.iter().map(|key| get(&read, &did, key, "203.0.113.1"))).await;
        assert_eq!(all.iter().filter(|answer| answer.how == How::OverBudget).count(), 17);
        assert_eq!(rig.asked(), 3);
    })
    .await;
}
