//! Following the log.

use std::time::Duration;

use repos::Limits;

use crate::frames::read;
use crate::rig::{Rig, on_each, schemas};

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_misses_nothing_across_restarts() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let (mut cursor, mut seen, mut rig) = (0, Vec::new(), rig);
        for round in 0..4 {
            let mut subscription = rig.repos.subscribe(Some(cursor)).await.unwrap();
            for number in 0..3 {
                rig.put(&did, &format!("{round}-{number}"), "x").await;
            }
            for _ in 0..3 {
                let frame = subscription.next().await.unwrap().unwrap();
                cursor = frame.seq.unwrap();
                assert_eq!(read(&frame).seq, cursor);
                seen.push(cursor);
            }
            // What it was told last is what it has, whoever serves it then.
            rig = rig.again().await;
        }
        assert_eq!(seen, (1..=12).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_instance_writes_is_told() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let other = rig.again().await;
        let mut subscription = other.repos.subscribe(None).await.unwrap();
        rig.put(&did, "a", "x").await;
        let frame = tokio::time::timeout(Duration::from_secs(30), subscription.next()).await.unwrap();
        assert_eq!(read(&frame.unwrap().unwrap()).kind, "#commit");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_not_in_the_log_is_said_to_be_so() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let rig = Rig::with(store, Limits { events: 4, ..Limits::default() }).await;
        let did = rig.person("alice").await;
        let mut future = rig.repos.subscribe(Some(4)).await.unwrap();
        let last = read(&future.next().await.unwrap().unwrap());
        assert_eq!((&*last.kind, &*last.texts["error"]), ("error", "FutureCursor"));
        assert_eq!(future.next().await.unwrap(), None, "and that is the end");
        assert!(rig.repos.subscribe(Some(3)).await.is_ok());

        // A subscriber that waits while the log goes on without it.
        let mut slow = rig.repos.subscribe(Some(1)).await.unwrap();
        for number in 0..9 {
            rig.put(&did, &number.to_string(), "x").await;
        }
        rig.repos.prune().await.unwrap();
        assert_eq!(rig.count("SELECT MIN(seq) FROM repos_events").await, 9);
        let last = read(&slow.next().await.unwrap().unwrap());
        assert_eq!((&*last.kind, &*last.texts["error"]), ("error", "ConsumerTooSlow"));
        assert_eq!(slow.next().await.unwrap(), None);

        let mut late = rig.repos.subscribe(Some(7)).await.unwrap();
        let info = read(&late.next().await.unwrap().unwrap());
        assert_eq!((&*info.kind, &*info.texts["name"]), ("#info", "OutdatedCursor"));
        assert_eq!(late.next().await.unwrap().unwrap().seq, Some(9));
        let mut just = rig.repos.subscribe(Some(8)).await.unwrap();
        assert_eq!(just.next().await.unwrap().unwrap().seq, Some(9), "nothing is missing between 8 and 9");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_and_numbers_go_on() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let rig = Rig::with(store, Limits { event_age: Duration::ZERO, ..Limits::default() }).await;
        let did = rig.person("alice").await;
        rig.repos.prune().await.unwrap();
        assert_eq!(rig.count("SELECT COUNT(*) FROM repos_events").await, 0);
        rig.put(&did, "a", "x").await;
        let mut subscription = rig.repos.subscribe(Some(3)).await.unwrap();
        assert_eq!(subscription.next().await.unwrap().unwrap().seq, Some(4));
    })
    .await;
}
