//! Several instances with one index.

use std::time::Duration;

use futures::future::join_all;
use readthrough::{How, ReadThroughConfig};
use testkit::sim::Behaviour;

use crate::rig::{get, nothing, on_each, plan};

#[tokio::test(flavor = "multi_thread")]
async fn ask_once_between_them() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        let others: Vec<_> = (0..4).map(|_| rig.instance(ReadThroughConfig::default())).collect();
        rig.sim.behave(0, Behaviour::Latency(Duration::from_millis(200)));
        let all = others.iter().flat_map(|read| (0..50).map(|_| get(read, &did, key, "203.0.113.1")));
        let all = join_all(all).await;
        assert!(all.iter().all(|answer| answer.record.is_some()));
        assert_eq!(rig.asked(), 1);
        let nothing = nothing();
        let none = join_all(others.iter().map(|read| get(read, &did, &nothing, "203.0.113.1"))).await;
        assert_eq!(none.iter().filter(|answer| answer.how == How::Absent).count(), 1, "{none:?}");
        assert_eq!(none.iter().filter(|answer| answer.how == How::KnownAbsent).count(), 3, "{none:?}");
        assert_eq!(rig.asked(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn do_not_wait_for_one_that_has_died() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        let lock = format!("read:at://{did}/{}/{key}", crate::rig::note());
        let _dead = rig.cache.try_lock(&lock, Duration::from_mins(1)).await.unwrap().unwrap();
        let config = ReadThroughConfig {
            patience_with_others: Duration::from_millis(200),
            ..ReadThroughConfig::default()
        };
        assert_eq!(get(&rig.instance(config), &did, key, "203.0.113.1").await.how, How::Fetched);
    })
    .await;
}
