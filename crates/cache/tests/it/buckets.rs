//! Token buckets, to the microsecond on a clock turned by hand.

use crate::backends::on_each_backend;
use cache::{Decision, ManualClock};
use std::time::Duration;

#[tokio::test]
async fn a_bucket_empties_refills_and_says_when() {
    on_each_backend(async |cache| {
        let clock = ManualClock::new();
        let cache = cache.with_clock(clock.clone());
        let spend = async |cost| cache.token_bucket("client", 10, 2.0, cost).await.unwrap();
        let decision = |allowed, remaining, reset_millis, retry_millis: Option<u64>| Decision {
            allowed,
            remaining,
            reset_after: Duration::from_millis(reset_millis),
            retry_after: retry_millis.map(Duration::from_millis),
        };

        assert_eq!(spend(4).await, decision(true, 6, 2000, None), "it starts full");
        assert_eq!(spend(6).await, decision(true, 0, 5000, None));
        assert_eq!(spend(1).await, decision(false, 0, 5000, Some(500)));
        clock.advance(Duration::from_micros(499_999));
        let early = spend(1).await;
        assert!(!early.allowed);
        assert_eq!(early.retry_after, Some(Duration::from_micros(1)), "refusals cost nothing");
        clock.advance(Duration::from_micros(1));
        assert_eq!(spend(1).await, decision(true, 0, 5000, None));
        clock.advance(Duration::from_millis(1250));
        assert_eq!(spend(3).await, decision(false, 2, 3750, Some(250)), "half a token does not count");
        assert_eq!(spend(0).await, decision(true, 2, 3750, None), "a look costs nothing");
        clock.advance(Duration::from_hours(1));
        assert_eq!(spend(10).await, decision(true, 0, 5000, None), "it never holds more than its capacity");
        assert_eq!(spend(11).await, decision(false, 0, 5000, None), "waiting would not help");
    })
    .await;
}

#[tokio::test]
async fn buckets_are_apart() {
    on_each_backend(async |cache| {
        let cache = cache.with_clock(ManualClock::new());
        assert!(cache.token_bucket("a", 1, 1.0, 1).await.unwrap().allowed);
        assert!(!cache.token_bucket("a", 1, 1.0, 1).await.unwrap().allowed);
        assert!(cache.token_bucket("b", 1, 1.0, 1).await.unwrap().allowed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_gets_exactly_the_capacity() {
    on_each_backend(async |cache| {
        let cache = cache.with_clock(ManualClock::new());
        let crowd: Vec<_> = (0..200)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.token_bucket("crowd", 50, 3.0, 1).await.unwrap() })
            })
            .collect();
        let mut remaining = Vec::new();
        for caller in crowd {
            let decision = caller.await.unwrap();
            if decision.allowed {
                remaining.push(decision.remaining);
            }
        }
        remaining.sort_unstable();
        assert_eq!(remaining, (0..50).collect::<Vec<_>>(), "each token is given out once");
    })
    .await;
}

#[tokio::test]
async fn the_real_clock_refills_too() {
    on_each_backend(async |cache| {
        assert!(cache.token_bucket("real", 1, 4.0, 1).await.unwrap().allowed);
        let refused = cache.token_bucket("real", 1, 4.0, 1).await.unwrap();
        let wait = refused.retry_after.expect("250 ms have not passed between two calls");
        assert!(wait <= Duration::from_millis(250));
        tokio::time::sleep(wait + Duration::from_millis(2)).await;
        assert!(cache.token_bucket("real", 1, 4.0, 1).await.unwrap().allowed);
    })
    .await;
}
