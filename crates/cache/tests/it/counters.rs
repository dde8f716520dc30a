//! Counters: exact under concurrency, within a window that starts with the first increment.

use crate::backends::on_each_backend;
use cache::Error;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_is_lost() {
    on_each_backend(async |cache| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move {
                    for _ in 0..50 {
                        cache.increment("n", 3, LONG).await.unwrap();
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(cache.increment("n", -200, LONG).await.unwrap(), 1000);
    })
    .await;
}

#[tokio::test]
async fn later_increments_do_not_prolong_the_window() {
    on_each_backend(async |cache| {
        cache.increment("n", 1, Duration::from_millis(60)).await.unwrap();
        let window_ends = async {
            while cache.increment("n", 0, LONG).await.unwrap() != 0 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(10), window_ends).await.expect("a window of 60 ms ends");
    })
    .await;
}

#[tokio::test]
async fn an_overflow_is_an_error_and_changes_nothing() {
    on_each_backend(async |cache| {
        cache.increment("n", i64::MAX - 1, LONG).await.unwrap();
        assert!(matches!(cache.increment("n", 2, LONG).await, Err(Error::Overflow { key }) if key == "n"));
        assert_eq!(cache.increment("n", 1, LONG).await.unwrap(), i64::MAX, "exact beyond 2^53");
    })
    .await;
}

#[tokio::test]
async fn name_spaces_are_apart() {
    on_each_backend(async |cache| {
        cache.set("k", "value".into(), LONG).await.unwrap();
        assert_eq!(cache.increment("k", 1, LONG).await.unwrap(), 1);
        assert!(cache.try_lock("k", LONG).await.unwrap().is_some());
        assert!(cache.token_bucket("k", 1, 1.0, 1).await.unwrap().allowed);
        assert_eq!(cache.get("k").await.unwrap().unwrap(), "value");
    })
    .await;
}
