//! What happens when the connection to the server breaks.

use crate::backends::{prefix, valkey_url};
use crate::proxy::Proxy;
use cache::{Cache, Error, Event};
use futures::StreamExt;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_mins(1);

/// Asks until there is an answer, as a caller whose requests keep coming would.
async fn answer(cache: &Cache, key: &str) -> Option<bytes::Bytes> {
    let ask = async {
        loop {
            match cache.get(key).await {
                Ok(value) => return value,
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        }
    };
    timeout(Duration::from_secs(10), ask).await.expect("the connection recovers within 10 s")
}

#[tokio::test]
async fn an_idle_connection_that_breaks_is_made_again_without_a_failed_command() {
    let Some(url) = valkey_url() else { return };
    let proxy = Proxy::start(&url).await;
    let cache = Cache::connect(&format!("redis://{}", proxy.address), &prefix()).await.unwrap();
    cache.set("k", "v".into(), LONG).await.unwrap();
    proxy.cut();
    sleep(Duration::from_millis(300)).await;
    assert_eq!(cache.get("k").await.unwrap().unwrap(), "v");
}

#[tokio::test]
async fn while_the_server_is_away_commands_fail_soon_and_later_ones_work_again() {
    let Some(url) = valkey_url() else { return };
    let proxy = Proxy::start(&url).await;
    let cache = Cache::connect(&format!("redis://{}", proxy.address), &prefix()).await.unwrap();
    cache.set("k", "v".into(), LONG).await.unwrap();
    proxy.refuse(true);
    proxy.cut();
    sleep(Duration::from_millis(50)).await;
    let asked = Instant::now();
    let error = cache.get("k").await.unwrap_err();
    assert!(matches!(error, Error::Command { operation: "get", .. }), "{error}");
    assert!(asked.elapsed() < Duration::from_secs(5), "took {:?}", asked.elapsed());
    proxy.refuse(false);
    assert_eq!(answer(&cache, "k").await.unwrap(), "v");
}

#[tokio::test]
async fn a_broken_subscription_resumes_and_says_once_that_it_may_have_missed_something() {
    let Some(url) = valkey_url() else { return };
    let proxy = Proxy::start(&url).await;
    let prefix = prefix();
    let cache = Cache::connect(&format!("redis://{}", proxy.address), &prefix).await.unwrap();
    let publisher = Cache::connect(&url, &prefix).await.unwrap();
    let mut subscription = cache.subscribe("c").await.unwrap();
    let mut other = cache.subscribe("d").await.unwrap();
    let mut next = async || timeout(Duration::from_secs(10), subscription.next()).await.unwrap().unwrap();

    publisher.publish("c", "before".into()).await.unwrap();
    assert_eq!(next().await, Event::Message("before".into()));
    proxy.cut();
    assert_eq!(next().await, Event::Lagged);
    publisher.publish("c", "after".into()).await.unwrap();
    assert_eq!(next().await, Event::Message("after".into()), "Lagged comes once, after the channel is back");

    assert_eq!(other.next().await, Some(Event::Lagged), "every channel comes back");
    publisher.publish("d", "after".into()).await.unwrap();
    assert_eq!(other.next().await, Some(Event::Message("after".into())));
}

#[tokio::test]
async fn a_subscription_asked_for_while_the_server_is_away_starts_when_it_is_back() {
    let Some(url) = valkey_url() else { return };
    let proxy = Proxy::start(&url).await;
    let cache = Cache::connect(&format!("redis://{}", proxy.address), &prefix()).await.unwrap();
    proxy.refuse(true);
    let back = async {
        sleep(Duration::from_millis(200)).await;
        proxy.refuse(false);
    };
    let (subscription, ()) = tokio::join!(cache.subscribe("c"), back);
    let mut subscription = subscription.unwrap();
    cache.publish("c", "hello".into()).await.unwrap();
    assert_eq!(subscription.next().await, Some(Event::Message("hello".into())));
}

#[tokio::test]
async fn a_channel_that_everybody_has_left_is_left_at_the_server() {
    let Some(url) = valkey_url() else { return };
    let prefix = prefix();
    let cache = Cache::connect(&url, &prefix).await.unwrap();
    let mut connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let mut subscribers = async || {
        let (_, count): (String, u32) = redis::cmd("PUBSUB")
            .arg("NUMSUB")
            .arg(format!("{prefix}c"))
            .query_async(&mut connection)
            .await
            .unwrap();
        count
    };
    let subscription = cache.subscribe("c").await.unwrap();
    assert_eq!(subscribers().await, 1);
    drop(subscription);
    cache.publish("c", "to nobody".into()).await.unwrap();
    let left = async {
        while subscribers().await != 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), left)
        .await
        .expect("the first message that nobody wants ends the subscription");
}

#[tokio::test]
async fn what_one_instance_does_another_sees() {
    let Some(url) = valkey_url() else { return };
    let prefix = prefix();
    let one = Cache::connect(&url, &prefix).await.unwrap();
    let two = Cache::connect(&url, &prefix).await.unwrap();
    let apart = Cache::connect(&url, "elsewhere:").await.unwrap();
    one.set("k", "v".into(), LONG).await.unwrap();
    assert_eq!(two.get("k").await.unwrap().unwrap(), "v");
    assert_eq!(apart.get("k").await.unwrap(), None, "prefixes keep users of one server apart");
    let lease = one.try_lock("l", LONG).await.unwrap().unwrap();
    assert!(two.try_lock("l", LONG).await.unwrap().is_none());
    assert!(lease.release().await.unwrap());
}

#[tokio::test]
async fn an_address_without_a_server_is_an_error_that_names_it_and_no_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = Cache::connect(&format!("redis://user:hunter2@{address}/0"), "").await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&address.to_string()) && !text.contains("hunter2"), "{text}");
    assert!(matches!(Cache::connect("http://127.0.0.1/", "").await, Err(Error::Url { .. })));
}
