//! Counting pulls and pushes.

use std::sync::Arc;
use std::thread;

use hold::Stats;

use crate::rig::{captain, did, with};

#[tokio::test(flavor = "multi_thread")]
async fn no_pull_is_lost_or_counted_twice() {
    with(captain(), "", async |rig| {
        let rig = Arc::new(rig);
        let counting: Vec<_> = (0..4)
            .map(|_| {
                let hold = rig.hold.clone();
                thread::spawn(move || (0..500).for_each(|_| hold.count_pull(&did("alice"), "app")))
            })
            .collect();
        while !counting.iter().all(thread::JoinHandle::is_finished) {
            rig.hold.flush().await.unwrap();
        }
        for thread in counting {
            thread.join().unwrap();
        }
        rig.hold.count_push(&did("alice"), "app");
        rig.hold.count_push(&did("alice"), "zoo");
        rig.hold.flush().await.unwrap();
        rig.hold.flush().await.unwrap();
        let stats = rig.hold.stats(&did("alice"), "app").await.unwrap();
        assert_eq!((stats.pulls, stats.pushes), (2000, 1));
        assert!(stats.last_pull.is_some() && stats.last_push.is_some());
        let all = rig.hold.list_stats(&did("alice"), None, 10).await.unwrap();
        assert_eq!(
            all.iter().map(|(name, stats)| (&**name, stats.pulls)).collect::<Vec<_>>(),
            [("app", 2000), ("zoo", 0)]
        );
        assert_eq!(rig.hold.list_stats(&did("alice"), Some("app"), 10).await.unwrap(), all[1..]);
        assert_eq!(rig.hold.stats(&did("bob"), "app").await.unwrap(), Stats::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_stays_counted() {
    with(captain(), "", async |rig| {
        let hidden = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
        let rename = async |sql: String| rig.store.state.write(move |conn| conn.batch(&sql)).await.unwrap();
        rig.hold.count_pull(&did("alice"), "app");
        rename(hidden("hold_stats", "hold_stats_away")).await;
        assert!(rig.hold.flush().await.is_err());
        rig.hold.count_pull(&did("alice"), "app");
        rename(hidden("hold_stats_away", "hold_stats")).await;
        rig.hold.flush().await.unwrap();
        assert_eq!(rig.hold.stats(&did("alice"), "app").await.unwrap().pulls, 2);
    })
    .await;
}
