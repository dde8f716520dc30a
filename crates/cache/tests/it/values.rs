//! Values: stored, expired, taken once.

use crate::backends::on_each_backend;
use bytes::Bytes;
use std::time::Duration;
use tokio::time::sleep;

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(40);

#[tokio::test]
async fn a_value_is_what_was_stored_last() {
    on_each_backend(async |cache| {
        assert_eq!(cache.get("k").await.unwrap(), None);
        cache.set("k", Bytes::from_static(b"one"), LONG).await.unwrap();
        cache.set("k", Bytes::from_static(b"\0\xff two"), LONG).await.unwrap();
        assert_eq!(cache.get("k").await.unwrap().unwrap(), &b"\0\xff two"[..]);
        cache.set("empty", Bytes::new(), LONG).await.unwrap();
        assert_eq!(cache.get("empty").await.unwrap(), Some(Bytes::new()), "an empty value is a value");
        cache.delete("k").await.unwrap();
        assert_eq!(cache.get("k").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn each_entry_has_its_own_time_and_a_new_value_a_new_one() {
    on_each_backend(async |cache| {
        cache.set("short", "x".into(), SHORT).await.unwrap();
        cache.set("long", "x".into(), LONG).await.unwrap();
        cache.set("prolonged", "x".into(), SHORT).await.unwrap();
        cache.set("prolonged", "y".into(), LONG).await.unwrap();
        cache.set("shortened", "x".into(), LONG).await.unwrap();
        cache.set("shortened", "y".into(), SHORT).await.unwrap();
        sleep(SHORT * 2).await;
        assert_eq!(cache.get("short").await.unwrap(), None);
        assert_eq!(cache.get("long").await.unwrap().unwrap(), "x");
        assert_eq!(cache.get("prolonged").await.unwrap().unwrap(), "y");
        assert_eq!(cache.get("shortened").await.unwrap(), None);
        assert_eq!(cache.take("short").await.unwrap(), None, "what is over cannot be taken");
    })
    .await;
}

#[tokio::test]
async fn absurd_times_are_brought_into_range() {
    on_each_backend(async |cache| {
        cache.set("none", "x".into(), Duration::ZERO).await.unwrap();
        cache.set("ever", "x".into(), Duration::MAX).await.unwrap();
        sleep(Duration::from_millis(5)).await;
        assert_eq!(cache.get("none").await.unwrap(), None);
        assert_eq!(cache.get("ever").await.unwrap().unwrap(), "x");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_takers_one_gets_the_value() {
    on_each_backend(async |cache| {
        for round in 0..20 {
            let key = format!("code:{round}");
            cache.set(&key, "secret".into(), LONG).await.unwrap();
            let takers: Vec<_> = (0..16)
                .map(|_| {
                    let (cache, key) = (cache.clone(), key.clone());
                    tokio::spawn(async move { cache.take(&key).await.unwrap() })
                })
                .collect();
            let mut taken = 0;
            for taker in takers {
                taken += usize::from(taker.await.unwrap().is_some());
            }
            assert_eq!(taken, 1, "round {round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_claims_the_first_wins_until_it_expires() {
    on_each_backend(async |cache| {
        let claims: Vec<_> = (0..16)
            .map(|n| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.set_if_absent("jti", vec![n].into(), LONG).await.unwrap() })
            })
            .collect();
        let mut winners = Vec::new();
        for (n, claim) in (0u8..).zip(claims) {
            if claim.await.unwrap() {
                winners.push(n);
            }
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(cache.get("jti").await.unwrap().unwrap(), &winners[..], "the winner's value stays");

        let brief = Duration::from_millis(300);
        assert!(cache.set_if_absent("brief", "x".into(), brief).await.unwrap());
        assert!(!cache.set_if_absent("brief", "y".into(), LONG).await.unwrap());
        sleep(brief + Duration::from_millis(10)).await;
        assert!(
            cache.set_if_absent("brief", "z".into(), LONG).await.unwrap(),
            "a lost claim prolongs nothing"
        );
    })
    .await;
}
