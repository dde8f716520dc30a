//! One's profile is asked for at one's PDS, and remembered.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::future::join_all;
use serde_json::json;
use testkit::Device;

use crate::fake_pds::{FakePds, MALLORY};
use crate::harness::{Server, Surroundings, schemas};
use crate::people::{app, hand_over};

const PROFILE: &str = "/xrpc/app.bsky.actor.getProfile";
const GET_RECORD: &str = "/xrpc/com.atproto.repo.getRecord";

async fn on_each(test: impl AsyncFn(FakePds, Server, Device, cache::Cache)) {
    let test = &test;
    testkit::on_each_engine(&schemas(), |store| async move {
        let fake = FakePds::start().await;
        let surroundings = Surroundings { plc: fake.origin.clone(), ..Surroundings::nobody() };
        let cache = surroundings.cache.clone();
        let server = Server::launch(store, surroundings).await;
        let device = hand_over(&app(&server, "app").await, MALLORY, "an-access-token").await;
        test(fake, server, device, cache).await;
    })
    .await;
}

fn is_called(fake: &FakePds, name: &str) {
    fake.says(GET_RECORD, 200, &json!({ "value": { "displayName": name } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_are_one_question() {
    on_each(async |fake, _server, device, _| {
        is_called(&fake, "Mallory");
        let all = join_all((0..20).map(|_| device.get(PROFILE))).await;
        for answer in all {
            assert!(answer.headers.get("cache-status").is_none());
            assert_eq!(answer.expect(200)["displayName"], "Mallory");
        }
        assert_eq!(fake.asked(GET_RECORD).len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_there_is_none_is_remembered() {
    on_each(async |fake, _server, device, _| {
        fake.says(GET_RECORD, 400, &json!({ "error": "RecordNotFound", "message": "?" }));
        for _ in 0..3 {
            assert_eq!(device.get(PROFILE).await.expect(200).get("displayName"), None);
        }
        assert_eq!(fake.asked(GET_RECORD).len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_one_stands_in_while_the_pds_fails() {
    on_each(async |fake, _server, device, cache| {
        fake.says(GET_RECORD, 503, &json!({ "error": "Busy" }));
        assert_eq!(device.get(PROFILE).await.status, 503, "nothing is known");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let kept = format!("{} {} +{{\"displayName\":\"Before\"}}", now - 600_000, now - 540_000);
        let key = format!("read:said:profile:{MALLORY}");
        cache.set(&key, kept.into(), Duration::from_mins(10)).await.unwrap();
        let stale = device.get(PROFILE).await;
        assert_eq!(
            stale.header("cache-status"),
            "belvedere; fwd=stale; fwd-status=504; detail=\"pds-unreachable\""
        );
        assert!(stale.header("age").parse::<u64>().unwrap().abs_diff(600) < 60);
        assert_eq!(stale.expect(200)["displayName"], "Before");
        is_called(&fake, "After");
        cache
            .set(&key, format!("{} {} -", now - 600_000, now - 540_000).into(), Duration::from_mins(10))
            .await
            .unwrap();
        assert_eq!(device.get(PROFILE).await.expect(200)["displayName"], "After");
    })
    .await;
}
