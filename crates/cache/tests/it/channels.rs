//! Publish and subscribe.

use crate::backends::on_each_backend;
use bytes::Bytes;
use cache::{Event, Subscription};
use futures::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

async fn next(subscription: &mut Subscription) -> Event {
    timeout(Duration::from_secs(10), subscription.next())
        .await
        .expect("an event within 10 s")
        .expect("an open stream")
}

fn message(text: &str) -> Event {
    Event::Message(Bytes::copy_from_slice(text.as_bytes()))
}

#[tokio::test]
async fn every_subscriber_of_the_channel_gets_each_message_in_order() {
    on_each_backend(async |cache| {
        cache.publish("news", "nobody listens".into()).await.unwrap();
        let mut first = cache.subscribe("news").await.unwrap();
        let mut second = cache.subscribe("news").await.unwrap();
        let mut other = cache.subscribe("weather").await.unwrap();
        for text in ["a", "b", "c"] {
            cache.publish("news", text.into()).await.unwrap();
        }
        cache.publish("weather", "rain".into()).await.unwrap();
        for text in ["a", "b", "c"] {
            assert_eq!(next(&mut first).await, message(text));
            assert_eq!(next(&mut second).await, message(text));
        }
        assert_eq!(next(&mut other).await, message("rain"));
    })
    .await;
}

#[tokio::test]
async fn a_channel_can_be_left_and_joined_again() {
    on_each_backend(async |cache| {
        for round in 0..3 {
            let mut subscription = cache.subscribe("c").await.unwrap();
            let text = format!("round {round}");
            cache.publish("c", text.clone().into()).await.unwrap();
            while next(&mut subscription).await != message(&text) {}
            drop(subscription);
            // Delivered to nobody: the moment at which the server is told to send no more.
            cache.publish("c", "unheard".into()).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told() {
    on_each_backend(async |cache| {
        let mut slow = cache.subscribe("c").await.unwrap();
        let mut witness = cache.subscribe("c").await.unwrap();
        for n in 0..300 {
            cache.publish("c", format!("{n}").into()).await.unwrap();
            assert_eq!(next(&mut witness).await, message(&n.to_string()), "the other reader misses nothing");
        }
        assert_eq!(next(&mut slow).await, Event::Lagged);
        let Event::Message(resumed) = next(&mut slow).await else { panic!("told once, then it goes on") };
        let resumed: u32 = std::str::from_utf8(&resumed).unwrap().parse().unwrap();
        assert!(resumed > 0);
        for n in resumed + 1..300 {
            assert_eq!(next(&mut slow).await, message(&n.to_string()));
        }
    })
    .await;
}
