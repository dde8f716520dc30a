//! Bounds: what is too large is refused, and a memory cache keeps to its size.

use crate::backends::on_each_backend;
use bytes::Bytes;
use cache::{Cache, Error, MAX_KEY_BYTES, MAX_MESSAGE_BYTES, MAX_VALUE_BYTES, MemoryConfig};
use std::time::Duration;

const LONG: Duration = Duration::from_mins(1);

fn refused<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::TooLarge { size, limit, .. }) if *size == limit + 1)
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_what_just_fits_is_not() {
    on_each_backend(async |cache| {
        let value = Bytes::from(vec![b'v'; MAX_VALUE_BYTES + 1]);
        assert!(refused(&cache.set("k", value.clone(), LONG).await));
        assert!(refused(&cache.set_if_absent("k", value.clone(), LONG).await));
        assert_eq!(cache.get("k").await.unwrap(), None);
        cache.set("k", value.slice(1..), LONG).await.unwrap();
        assert_eq!(cache.get("k").await.unwrap().unwrap().len(), MAX_VALUE_BYTES);

        let key = "k".repeat(MAX_KEY_BYTES + 1);
        assert!(refused(&cache.set(&key, "v".into(), LONG).await));
        assert!(refused(&cache.get(&key).await));
        assert!(refused(&cache.increment(&key, 1, LONG).await));
        assert!(refused(&cache.try_lock(&key, LONG).await));
        assert!(refused(&cache.token_bucket(&key, 1, 1.0, 1).await));
        assert!(refused(&cache.subscribe(&key).await));
        cache.set(&key[1..], "v".into(), LONG).await.unwrap();

        assert!(refused(&cache.publish("c", vec![0; MAX_MESSAGE_BYTES + 1].into()).await));
        cache.publish("c", vec![0; MAX_MESSAGE_BYTES].into()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_full_memory_forgets_the_oldest_value_but_no_lock() {
    let cache = Cache::memory(MemoryConfig { max_bytes: 1 << 20 });
    let quarter = 256 << 10;
    assert!(refused(&cache.set("k", vec![0; quarter + 1].into(), LONG).await), "a quarter is the most");

    let _lease = cache.try_lock("l", LONG).await.unwrap().unwrap();
    cache.increment("n", 41, LONG).await.unwrap();
    // Eviction happens in the background of later calls, so the flood is longer than the memory.
    for n in 0..2000 {
        cache.set(&format!("flood:{n}"), vec![0; 16 << 10].into(), LONG).await.unwrap();
    }
    let mut kept = 0;
    for n in 0..2000 {
        kept += usize::from(cache.get(&format!("flood:{n}")).await.unwrap().is_some());
    }
    assert!(kept <= 64, "{kept} values of 16 KiB are more than 1 MiB");
    assert!(cache.get("flood:1999").await.unwrap().is_some(), "the newest is there");
    assert!(cache.try_lock("l", LONG).await.unwrap().is_none(), "the lock is held");
    assert_eq!(cache.increment("n", 1, LONG).await.unwrap(), 42);
}
