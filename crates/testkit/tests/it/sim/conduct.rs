//! How servers behave.

use std::time::{Duration, Instant, SystemTime};

use testkit::HttpClient;
use testkit::sim::{Behaviour, Place, RateLimit};

use super::{client, note, one_account};

const HEALTH: &str = "/xrpc/_health";

#[tokio::test]
async fn the_dead_refuse_and_come_back_at_the_same_port() {
    let (sim, _) = one_account(1).await;
    for _ in 0..3 {
        assert_eq!(client(&sim, 0).get(HEALTH).await.status, 200);
        sim.behave(0, Behaviour::Dead);
        for _ in 0..3 {
            // One that has no connections yet.
            let host = client(&sim, 0);
            let refused = host.try_send(host.request(reqwest::Method::GET, HEALTH)).await.unwrap_err();
            assert!(refused.is_connect(), "{refused:?}");
        }
        sim.behave(0, Behaviour::Normal);
    }
    assert_eq!(client(&sim, 0).get(HEALTH).await.status, 200);
}

#[tokio::test]
async fn death_cuts_requests_under_way() {
    let (sim, _) = one_account(1).await;
    sim.behave(0, Behaviour::Silent);
    let host = client(&sim, 0);
    let waiting = host.try_send(host.request(reqwest::Method::GET, HEALTH));
    let death = async {
        while sim.requests().at(0) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        sim.behave(0, Behaviour::Dead);
    };
    let (answer, ()) = tokio::join!(waiting, death);
    assert!(answer.is_err());
}

#[tokio::test]
async fn the_silent_never_answer() {
    let (sim, _) = one_account(1).await;
    sim.behave(Place::Plc, Behaviour::Silent);
    let plc = HttpClient::new(sim.plc().as_str());
    let request = plc.request(reqwest::Method::GET, "/did:plc:x").timeout(Duration::from_millis(150));
    assert!(plc.try_send(request).await.unwrap_err().is_timeout());
    assert_eq!(sim.requests().at(Place::Plc), 1, "it was heard");
    sim.behave(Place::Plc, Behaviour::Normal);
    assert_eq!(plc.get("/did:plc:x").await.status, 404);
}

#[tokio::test]
async fn the_late_and_the_slow_take_their_time() {
    let (sim, did) = one_account(100).await;
    let host = client(&sim, 0);
    let page = format!("/xrpc/com.atproto.repo.listRecords?repo={did}&collection={}&limit=100", note());
    let whole = host.get(&page).await.text;
    for behaviour in [Behaviour::Latency(Duration::from_millis(150)), Behaviour::Slow(whole.len() * 5)] {
        sim.behave(0, behaviour.clone());
        let start = Instant::now();
        assert_eq!(host.get(&page).await.text, whole);
        assert!(start.elapsed() >= Duration::from_millis(140), "{behaviour:?}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn limits_are_told_by_headers_and_end() {
    let (sim, _) = one_account(1).await;
    let host = client(&sim, 0);
    let limit = RateLimit { requests: 3, window: Duration::from_millis(400), retry_after: None };
    sim.behave(0, Behaviour::RateLimited(limit.clone()));
    for left in ["2", "1", "0"] {
        let answer = host.get(HEALTH).await;
        assert_eq!((answer.status, answer.header("ratelimit-remaining")), (200, left));
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-policy")), ("3", "3;w=1"));
    }
    let refused = host.get(HEALTH).await;
    assert_eq!(refused.expect(429)["error"], "RateLimitExceeded");
    assert!(!refused.headers.contains_key("retry-after"));
    let reset: u64 = refused.header("ratelimit-reset").parse().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert!((now..=now + 2).contains(&reset), "{reset} at {now}");
    tokio::time::sleep(Duration::from_millis(450)).await;
    assert_eq!(host.get(HEALTH).await.status, 200);

    let absurd = RateLimit { requests: 0, retry_after: Some("86400".into()), ..limit };
    sim.behave(0, Behaviour::RateLimited(absurd));
    assert_eq!(host.get(HEALTH).await.header("retry-after"), "86400");
}

#[tokio::test]
async fn the_flaky_fail_in_every_way_but_not_for_ever() {
    let (sim, _) = one_account(1).await;
    let host = client(&sim, 0);
    let run = || async {
        sim.behave(0, Behaviour::Flaky(0.7));
        let mut outcomes = Vec::new();
        for n in 0..30 {
            for attempt in 0..4 {
                let request = host.request(reqwest::Method::GET, &format!("{HEALTH}?n={n}"));
                let outcome = host.try_send(request).await.map_or(0, |answer| answer.status);
                outcomes.push(outcome);
                if outcome == 200 {
                    break;
                }
                assert!(attempt < 2, "three in a row: {outcomes:?}");
            }
        }
        outcomes
    };
    let outcomes = run().await;
    for kind in [0, 200, 500, 502, 503] {
        assert!(outcomes.contains(&kind), "{kind}: {outcomes:?}");
    }
    assert_eq!(outcomes, run().await, "it follows from the seed");
}
