//! A record that is not here.

use futures::future::join_all;
use readthrough::{Answer, Asker, How, Policy};
use testkit::sim::Behaviour;

use crate::rig::{GET_RECORD, note, nothing, on_each, plan};

#[tokio::test(flavor = "multi_thread")]
async fn is_fetched_once_and_here_from_then_on() {
    on_each(plan(1, 3), async |rig| {
        let did = rig.account(0);
        let expected = rig.sim.served(&did);
        for key in rig.keys(&did) {
            let uri = format!("at://{did}/{}/{key}", note());
            let Answer { record, how } = rig.get(&did, &key).await;
            let record = record.unwrap();
            assert_eq!(how, How::Fetched);
            assert_eq!(record.uri, uri);
            assert_eq!(record.cid.as_ref(), Some(&expected[&uri].cid));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&record.json).unwrap(), expected[&uri].json);
            assert_eq!(rig.sim.requests().of(GET_RECORD), 1);
            assert_eq!(rig.asked(), 1);
            assert_eq!(rig.how(&did, &key).await, How::Here);
            assert_eq!(rig.asked(), 0);
        }
        assert_eq!(rig.sim.requests().total(), 0, "the directory, too, was asked only at first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_who_want_the_same_are_one_question() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        rig.sim.behave(0, Behaviour::Latency(std::time::Duration::from_millis(100)));
        let all = join_all((0..1000).map(|_| rig.get(&did, key))).await;
        assert!(all.iter().all(|answer| answer.record.is_some() && answer.record == all[0].record));
        assert_eq!(rig.sim.requests().of(GET_RECORD), 1);
        assert_eq!(rig.sim.requests().of("did"), 1);
        assert_eq!(rig.asked(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_when_whoever_asked_has_gone() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        rig.sim.behave(0, Behaviour::Latency(std::time::Duration::from_millis(200)));
        let impatient = tokio::time::timeout(std::time::Duration::from_millis(50), rig.get(&did, key)).await;
        assert!(impatient.is_err());
        let next = rig.get(&did, key).await;
        assert!(next.record.is_some());
        assert_eq!(rig.asked(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_there_is_none_is_remembered() {
    on_each(plan(1, 2), async |rig| {
        let did = rig.account(0);
        assert_eq!(rig.how(&did, &nothing()).await, How::Absent);
        assert_eq!(rig.asked(), 1);
        for _ in 0..5 {
            assert_eq!(rig.how(&did, &nothing()).await, How::KnownAbsent);
        }
        assert_eq!(rig.asked(), 0);
        assert_eq!(rig.how(&did, &rig.keys(&did)[0]).await, How::Fetched, "the others are not concerned");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_not_asked_for_against_the_policy() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        let answer = rig.read.record(&did, &note(), key, || Policy::Off, Asker::Local).await.unwrap();
        assert_eq!(answer, Answer { record: None, how: How::NotAsked });
        assert_eq!(rig.sim.requests().total(), 0);
        let hit = || -> Policy { panic!("a hit needs no policy") };
        assert_eq!(rig.how(&did, key).await, How::Fetched);
        let answer = rig.read.record(&did, &note(), key, hit, Asker::Local).await.unwrap();
        assert_eq!(answer.how, How::Here);
    })
    .await;
}
