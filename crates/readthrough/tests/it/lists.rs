//! The newest records of an author.

use std::time::Duration;

use readthrough::{Asker, How, Policy, ReadThroughConfig, Reason};
use records::{CoverageState, ListQuery};
use testkit::sim::{Behaviour, Lie};

use crate::rig::{Rig, note, on_each, plan};

impl Rig {
    async fn list(&self, policy: Policy) -> How {
        self.read.list(&self.account(0), &note(), policy, Asker::Local).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn are_fetched_and_the_rest_is_asked_for() {
    on_each(plan(1, 130), async |rig| {
        let did = rig.account(0);
        assert_eq!(rig.list(Policy::GetAndList).await, How::Fetched);
        assert!(rig.asked() <= 3);
        let query = ListQuery { collection: note(), did: Some(did.clone()), limit: 50, after: None };
        let page = rig.records.list(query).await.unwrap();
        let newest: Vec<_> = rig.keys(&did).into_iter().rev().take(50).map(|key| key.to_string()).collect();
        let listed: Vec<_> = page.records.iter().map(|record| record.rkey().to_owned()).collect();
        assert_eq!(listed, newest);
        let coverage = rig.records.coverage(&did, &note()).await.unwrap().unwrap();
        assert_eq!(coverage.state, CoverageState::Pending);
        assert!(coverage.next_try_at.is_some(), "it is due");
        for _ in 0..3 {
            assert_eq!(rig.list(Policy::GetAndList).await, How::Here, "that was a moment ago");
        }
        assert_eq!(rig.asked(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_not_asked_for_unless_the_policy_says_so() {
    on_each(plan(1, 3), async |rig| {
        for policy in [Policy::Off, Policy::Get] {
            assert_eq!(rig.list(policy).await, How::NotAsked);
        }
        assert_eq!(rig.sim.requests().total(), 0);
        assert!(rig.indexed().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_dead_host_are_what_is_here() {
    on_each(plan(1, 3), async |rig| {
        let did = rig.account(0);
        assert_eq!(rig.how(&did, &rig.keys(&did)[0]).await, How::Fetched);
        rig.sim.behave(0, Behaviour::Dead);
        let unreachable = |asked| How::Unavailable { reason: Reason::PdsUnreachable, asked };
        assert_eq!(rig.list(Policy::GetAndList).await, unreachable(true));
        assert_eq!(rig.list(Policy::GetAndList).await, unreachable(false));
        assert_eq!(rig.indexed().await.len(), 1);
        assert_eq!(rig.records.coverage(&did, &note()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn can_be_had_with_proof_only() {
    on_each(plan(1, 30), async |rig| {
        let config = ReadThroughConfig { verified_lists: true, ..ReadThroughConfig::default() };
        rig.sim.behave(0, Behaviour::Lying(Lie::Forged));
        let list = async || {
            let read = rig.instance(config);
            read.list(&rig.account(0), &note(), Policy::GetAndList, Asker::Local).await.unwrap()
        };
        assert_eq!(list().await, How::Unavailable { reason: Reason::Untrusted, asked: true });
        assert!(rig.indexed().await.is_empty());
        rig.sim.behave(0, Behaviour::Normal);
        rig.cache.delete(&format!("read:no:at://{}/{}", rig.account(0), note())).await.unwrap();
        assert_eq!(list().await, How::Fetched);
        assert_eq!(rig.indexed().await.len(), 30);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_many_at_once_are_one_question() {
    on_each(plan(1, 30), async |rig| {
        rig.sim.behave(0, Behaviour::Latency(Duration::from_millis(50)));
        let all = futures::future::join_all((0..200).map(|_| rig.list(Policy::GetAndList))).await;
        assert!(all.iter().all(|how| *how == How::Fetched), "{all:?}");
        assert_eq!(rig.sim.requests().of("com.atproto.repo.listRecords"), 1);
    })
    .await;
}
