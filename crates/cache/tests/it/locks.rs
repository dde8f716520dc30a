//! Locks: one holder at a time, who can lose the lock only by letting its time run out.

use crate::backends::on_each_backend;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::sleep;

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(60);

#[tokio::test]
async fn a_held_lock_is_refused_until_it_is_released() {
    on_each_backend(async |cache| {
        let lease = cache.try_lock("l", LONG).await.unwrap().unwrap();
        assert!(cache.try_lock("l", LONG).await.unwrap().is_none());
        assert!(cache.try_lock("other", LONG).await.unwrap().is_some());
        assert!(lease.release().await.unwrap());
        assert!(cache.try_lock("l", LONG).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn an_expired_lease_can_neither_be_renewed_nor_free_the_next_holders_lock() {
    on_each_backend(async |cache| {
        let first = cache.try_lock("l", SHORT).await.unwrap().unwrap();
        sleep(SHORT * 2).await;
        assert!(!first.renew(LONG).await.unwrap(), "nobody holds it, and late is late");
        let second = cache.try_lock("l", LONG).await.unwrap().unwrap();
        assert!(!first.renew(LONG).await.unwrap());
        assert!(!first.release().await.unwrap());
        assert!(cache.try_lock("l", LONG).await.unwrap().is_none(), "the second holder still has it");
        assert!(second.release().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_renewed_lease_outlives_its_first_time() {
    on_each_backend(async |cache| {
        let first_time = Duration::from_millis(400);
        let lease = cache.try_lock("l", first_time).await.unwrap().unwrap();
        assert!(lease.renew(LONG).await.unwrap());
        sleep(first_time).await;
        assert!(cache.try_lock("l", LONG).await.unwrap().is_none());
        assert!(lease.release().await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_competing_lockers_are_never_inside_together() {
    on_each_backend(async |cache| {
        let inside = Arc::new(AtomicU32::new(0));
        let lockers: Vec<_> = (0..2)
            .map(|_| {
                let (cache, inside) = (cache.clone(), Arc::clone(&inside));
                tokio::spawn(async move {
                    let mut turns = 0;
                    while turns < 25 {
                        let Some(lease) = cache.try_lock("l", LONG).await.unwrap() else {
                            tokio::task::yield_now().await;
                            continue;
                        };
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "the other one is inside");
                        tokio::task::yield_now().await;
                        inside.fetch_sub(1, Ordering::SeqCst);
                        turns += 1;
                        assert!(lease.release().await.unwrap());
                    }
                })
            })
            .collect();
        for locker in lockers {
            locker.await.unwrap();
        }
    })
    .await;
}
